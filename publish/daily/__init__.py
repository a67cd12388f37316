"""The daily post: what goes in, what stands above its sections, what it means for its readers."""
