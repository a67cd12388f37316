"""Tags from a controlled vocabulary."""
