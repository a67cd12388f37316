"""Topics: communities of notes, their names and words, their rise and fall."""
