"""The search cache on disk, and how it is kept equal to the documents."""
