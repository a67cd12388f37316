"""Every fixed word of the posts, in English, simplified and traditional Chinese."""
