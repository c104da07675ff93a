"""Trackers on walks with truth: the scorecard, simgait-bench-v1, the ablation."""
