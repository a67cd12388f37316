"""The static site: what of the vault is published, as HTML, feeds and files."""
