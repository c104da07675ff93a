"""Skin markers to joint centres and keypoints."""
