"""Feeds of every format, where they are found, and lists of them."""
