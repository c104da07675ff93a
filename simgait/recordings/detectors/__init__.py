"""Detectors' arrays to keypoints."""
