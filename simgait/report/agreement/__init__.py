"""The agreement report."""
