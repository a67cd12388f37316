"""The ground: items, notes, links, topics and posts as values; Markdown; the vault. No network, no database."""
