"""A post in the making: what is asked of a writer, sentences with their sources, ties, memory, Markdown."""
