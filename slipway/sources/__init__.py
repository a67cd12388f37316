"""What the user does with sources: trying, adding, removing, asking."""
