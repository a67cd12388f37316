"""Measured figures in running text: what was measured, of what, in which unit."""
