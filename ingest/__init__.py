"""The world → :class:`~notes.model.Item`: sources, fetched over HTTP or from files, parsed, never trusted."""
