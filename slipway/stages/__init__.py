"""The stages of the night, each a function of the :class:`slipway.app.App` that can be run again at any time."""
