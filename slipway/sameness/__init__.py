"""Which entries are one work, and which text of it stands best."""
