"""What the index holds: documents, and the passages they are cut into."""
