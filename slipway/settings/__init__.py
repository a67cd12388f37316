"""slipway.toml: its values, how they are read and how sources are written into it."""
