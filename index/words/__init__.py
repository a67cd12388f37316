"""Words for the lexical half: tokens, their counts, rare terms that texts share."""
