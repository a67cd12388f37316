"""The warm server of ``slipway serve``: searches answered over a Unix socket by a process that has everything open.

The client's side (:mod:`slipway.warm.place`, :mod:`slipway.warm.protocol`, :mod:`slipway.warm.client`) imports next to
nothing: importing is what a short process spends its time on.
"""
