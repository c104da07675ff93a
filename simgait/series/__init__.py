"""Filters, gaps, runs, resampling."""
