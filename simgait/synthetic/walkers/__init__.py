"""Synthetic people who walk."""
