"""What the user keeps: interests, likings, and the relevance they give."""
