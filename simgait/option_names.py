"""What a fact about a recording is called at the two doors: on the shell, and in Python."""

from __future__ import annotations

FLAGS = {
    "height_m": "--height",
    "mass_kg": "--mass",
    "subject_id": "--subject",
    "age_years": "--age",
    "sex": "--sex",
    "aids": "--aids",
    "diagnosis": "--diagnosis",
    "fps_hz": "--fps",
    "unit": "--unit",
    "axes": "--axes",
    "keypoint_set": "--keypoint-set",
    "names": "--names",
    "root_relative": "--root-relative",
    "belt_speed_mps": "--belt-speed",
    "exchange": "--exchange",
    "person": "--person",
    "came_back": "--came-back",
    "scale_is_metric": "--positions",
    "asf": "--asf",
    "fov_deg": "--fov",
    "assumed_fov_deg": "--assumed-fov",
    "distance_m": "--distance",
    "speed_mps": "--speed",
    "travel_factor": "--travel-factor",
    "picture_px": "--picture",
    "from_s": "--from",
    "to_s": "--to",
    "camera": "--camera",
    "detector": "--detector",
    "model": "--model",
    "python": "--python",
    "detector_command": "--detector-command",
    "min_frames": "--min-frames",
    "keep_video": "--keep-video",
    "opinions": "--opinions",
    "twin": "--twin",
    "reference": "--reference",
    "norms": "--norms",
}
"""Keyword in Python -> option on the shell. What the two take is told by each door."""


def option(fact: str) -> str:
    """How a sentence names an option for both doors: "--fps (in Python fps_hz)"."""
    flag = FLAGS.get(fact, fact)
    return flag if fact in flag else f"{flag} (in Python {fact})"


def overruling(fact: str) -> str:
    """The end of a sentence on what a file says wrong; empty where nothing can be said instead."""
    return f"; what {option(fact)} says wins over the file" if fact in FLAGS else ""
