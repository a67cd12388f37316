"""Words and sentences in two languages: what they say and how they are compared."""
