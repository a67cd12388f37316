"""Web pages and the article that stands in one."""
