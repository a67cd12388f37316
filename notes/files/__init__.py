"""The vault's files: found, read once, written and put in each other's place."""
