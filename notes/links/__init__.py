"""Which notes belong together, and on what a link rests."""
