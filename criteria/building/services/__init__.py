"""Writers of criteria sets that are not in use, by subject; `arranging` keeps their order and numbers."""
