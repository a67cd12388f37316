"""Markdown as Obsidian reads it: written, read, and made inert."""
