"""Documents that lie on this machine."""
