"""HTTP: what may be reached, how fast, how much, and how it is asked."""
