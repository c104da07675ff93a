"""What the page's replay draws, and what the page says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from simgait.clock import frame_rate_hz
from simgait.files import json_for_html
from simgait.gait_result import GaitResult
from simgait.plain_text import listed
from simgait.report.page import asset
from simgait.report.trial.joint_badness import (
    badness_legend,
    keypoint_of,
    marks_data,
    shown_joints,
)
from simgait.report.trial.opinions import CompanionSays, joints_called_wrong
from simgait.report.trial.replay import frame_stride, replay_data
from simgait.report.trial.twin_replay import twin_data
from simgait.report.trial.twin_walk import TwinWalk
from simgait.types import Rollout


def replay_section(
    rollout: Rollout,
    result: GaitResult,
    opinions: Sequence[CompanionSays],
    twin: TwinWalk | None,
) -> dict[str, Any]:
    """What the page's replay draws, and says of it."""
    wrong = joints_called_wrong(opinions)
    joints = [one for one in shown_joints(opinions) if one.keypoint in rollout.skeleton.keypoints]
    drawn = {
        **replay_data(rollout, result, [keypoint_of(j) for own in wrong.values() for j in own]),
        "marks": marks_data(joints),
    }
    shown = twin.body if twin is not None and twin.is_walking else None
    if shown is not None:
        drawn["twin"] = twin_data(rollout, shown)
    return {
        "js": Markup(asset("replay.js")),
        "replay": Markup(json_for_html(drawn)),
        "replay_text": _replay_text(rollout),
        "ringed_text": _ringed_text(wrong),
        "badness": badness_legend(joints),
        "badness_text": _badness_text(wrong) if joints else "",
        "has_twin": shown is not None,
        "twin_place_text": "" if shown is None else _twin_text(drawn["twin"]["keeps"]),
    }


def _replay_text(rollout: Rollout) -> str:
    stride = frame_stride(rollout)
    if stride == 1:
        return ""
    rate_hz = frame_rate_hz(rollout.time_s)
    return (
        f"The walk is long: of its {rate_hz:.0f} frames per second the replay holds "
        f"{rate_hz / stride:.1f}; the numbers rest on all."
    )


def _ringed_text(wrong: Mapping[str, Sequence[str]]) -> str:
    """What the replay's rings are; empty where there is none."""
    if not wrong:
        return ""
    called = "; ".join(
        f"{companion}: {listed([joint.replace('_', ' ') for joint in joints], len(joints))}"
        for companion, joints in wrong.items()
    )
    return f"Dashed rings: joints that another method calls unlike normal ({called})."


def _badness_text(wrong: Mapping[str, Sequence[str]]) -> str:
    """What the marks on the joints are, for the canvas's own label too."""
    joints = [joint.replace("_", " ") for own in wrong.values() for joint in own]
    called = listed(joints, len(joints)) if joints else "no joint"
    return f"Marks on the joints: how unlike normal walking; unlike normal: {called}."


def _twin_text(keeps_up: bool) -> str:
    """How the twin is drawn."""
    place = (
        "it is kept at the person's place, so that its feet pass over the floor"
        if keeps_up
        else "it goes its own way, level with the person in the middle of the walk"
    )
    return (
        "The switch Twin shows the normative twin (green, dashed), as the physics walked it: over "
        f"the body from the same pelvis; beside it {place}."
    )
