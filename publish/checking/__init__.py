"""Nothing invented: the judge of every sentence, and finished posts examined and read back from their files."""
