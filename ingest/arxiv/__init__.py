"""arXiv: its announcements, its search and its harvest."""
