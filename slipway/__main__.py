"""``python -m slipway``."""

from slipway.entry import main

main()
