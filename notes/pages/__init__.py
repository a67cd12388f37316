"""Slipway's own pages in the vault, in three languages."""
