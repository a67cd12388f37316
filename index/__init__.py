"""Documents to vectors and terms: search, neighbours, topics, trends."""
