"""Embedding models: which one, where it lies, what its cosines mean."""
