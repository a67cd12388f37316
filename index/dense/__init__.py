"""The dense half on disk: the vectors of all passages as memory-mapped files, derived from the search cache.

One folder for each model holds immutable files and one header, ``header.json``, that names those that count. A file is
written whole under another name and renamed, the header last: a reader sees the old state or the new one, nothing between.
"""
