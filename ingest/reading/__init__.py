"""From bytes and markup to plain values."""
