"""The interactive view of a search: ``slipway search -i``."""
