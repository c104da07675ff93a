"""The pendulum-legged walker."""

from tests.pendulum import walk, with_keypoints

__all__ = ["walk", "with_keypoints"]
