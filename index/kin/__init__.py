"""Which texts belong together, and by what."""
