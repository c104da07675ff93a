"""Trials with truth and trackers in, scores and an agreement report out."""
