"""Notes → posts → site: writers, their checker, and the static site."""
