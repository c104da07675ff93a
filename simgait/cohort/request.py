"""How a walk was tracked: the facts that its numbers rest on, and what differs between two."""

from __future__ import annotations

import json
from importlib import metadata
from pathlib import Path
from typing import Any

from simgait.cohort.walk_record import Facts
from simgait.files import without_folders
from simgait.gait.score_reference_file import reference_sha256
from simgait.option_names import FLAGS
from simgait.pipeline import TrackOptions, policy_name
from simgait.provenance import code_sha256, file_sha256
from simgait.recordings.detectors.keypoint_set_file import is_set_file
from simgait.tracking.policies import Policy

OF_ALL = ("policy", "policy_sha256", "simgait", "code_sha256")
"""Facts that every walk of a table shares; the others may differ from recording to recording."""
_BEHIND_NAME = {"policy_sha256": "policy", "code_sha256": "simgait"}
# Longest value that a sentence quotes.
_LONGEST_SAID = 40


def request_facts(policy: Policy, options: TrackOptions) -> Facts:
    """All but the recording that the numbers rest on, JSON-ready; equal facts, equal numbers."""
    said = dict(options.reader.said())
    if options.reader.asf is not None:
        said["asf"] = file_sha256(options.reader.asf)
    if is_set_file(options.reader.keypoint_set or ""):
        said["keypoint_set"] = file_sha256(Path(str(options.reader.keypoint_set)))
    facts = {
        "policy": policy_name(policy),
        "policy_sha256": policy.sha256,
        "simgait": metadata.version("simgait"),
        "code_sha256": code_sha256(),
        "height_m": options.height_m,
        "min_frames": options.min_frames,
        "keep_video": options.keep_video or None,
        "opinions": options.asks_companions or None,
        "twin": options.twin or None,
        "reference": None if options.reference is None else reference_sha256(options.reference),
        "norms": None if options.norms is None else options.norms.sha256,
        **said,
    }
    known = {name: value for name, value in facts.items() if value is not None}
    clean: Facts = json.loads(json.dumps(without_folders(known)))
    return clean


def differences(before: Facts, now: Facts) -> list[str]:
    """What is not the same in two requests: "--height (1.7, now 1.8; in Python height_m)"."""
    changed = [name for name in {**before, **now} if before.get(name) != now.get(name)]
    said = {_BEHIND_NAME.get(name, name): name for name in changed}
    return [_difference(name, before.get(name), now.get(name)) for name in said]


def _difference(name: str, before: Any, now: Any) -> str:
    flag = FLAGS.get(name, name)
    in_python = "" if name in flag else f"; in Python {name}"
    words = [_value(name, before), _value(name, now)]
    if words[0] == words[1] or any(len(word) > _LONGEST_SAID for word in words):
        return f"{flag} (changed{in_python})"
    return f"{flag} ({words[0]}, now {words[1]}{in_python})"


def _value(fact: str, value: Any) -> str:
    """A value as it is typed on the shell."""
    if value is None:
        return "not said"
    if fact == "scale_is_metric":
        return "measured" if value else "estimated"
    if isinstance(value, list):
        return ("x" if fact == "picture_px" else ",").join(map(str, value))
    return "said" if value is True else str(value)
