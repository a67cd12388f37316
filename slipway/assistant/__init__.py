"""The vault for assistants: a Model Context Protocol server over standard input and output that only reads."""
