"""What baselines say of themselves."""

from __future__ import annotations

from simgait.baselines.kinematics import kinematics_tracker
from simgait.baselines.raw_keypoints import raw_keypoints_tracker


def test_baselines_say_that_they_learned_nothing():
    for one in (kinematics_tracker(), raw_keypoints_tracker()):
        assert one.introduction.startswith(f"{one.name}: ") and "nothing learned" in one.about
        assert "sha256" not in one.facts and one.facts["name"] == one.name
