"""The page and the table of one visit."""
