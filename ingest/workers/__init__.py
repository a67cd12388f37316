"""Processes that parse what came from outside, and can be killed."""
