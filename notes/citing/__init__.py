"""Bibliographies, read and written."""
