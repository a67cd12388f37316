"""Which slips deserve to become notes."""
