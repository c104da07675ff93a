"""Replays of what a policy does while it learns: the simulated body and what it should do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float
from markupsafe import Markup

from simgait.files import json_for_html
from simgait.gait.events import contact_events
from simgait.report.page import asset, render
from simgait.report.trial.joint_badness import marks_data
from simgait.report.trial.measure import live_end_s
from simgait.report.trial.replay import moving_body
from simgait.skeleton.keypoints import KEYPOINT_INDEX, KEYPOINT_NAMES
from simgait.skeleton.kinematics import body_keypoints
from simgait.types import GaitEvent, Rollout

MOST_FRAMES = 600
"""Of a walk, 20 s at 30 Hz: two of them are 0.4 MB."""
TITLES = {"worst": "The worst walk", "median": "The median walk"}
LEAST_SAMPLES = 2


@dataclass(frozen=True)
class ReplayedWalk:
    """One validation walk, ready to be played.

    Attributes:
        kind: "worst" or "median".
        walk: its id.
        cost_deg: what the score would be if it were the only walk.
        angle_rmse_deg: of its joint angles.
        stood_s: how long the body stood.
        fell: whether it fell then.
        data: what the script draws, see `walk_data`.
    """

    kind: str
    walk: str
    cost_deg: float
    angle_rmse_deg: float
    stood_s: float
    fell: bool
    data: dict[str, Any]


@dataclass(frozen=True)
class Replays:
    """Walks of one policy.

    Attributes:
        steps: after which the policy is as it is.
        score: of all validation walks.
        walks: those that can be played.
    """

    steps: int
    score: float
    walks: tuple[ReplayedWalk, ...]


def replayed(
    rollout: Rollout, kind: str, *, cost_deg: float, angle_rmse_deg: float
) -> ReplayedWalk:
    """A validation walk, ready to be played."""
    return ReplayedWalk(
        kind=kind,
        walk=rollout.trial_id,
        cost_deg=cost_deg,
        angle_rmse_deg=angle_rmse_deg,
        stood_s=live_end_s(rollout),
        fell=rollout.fell,
        data=walk_data(rollout),
    )


def walk_data(rollout: Rollout) -> dict[str, Any]:
    """What the script draws of a rollout: `moving_body`, with the reference where it is."""
    data = moving_body(
        rollout, reference_keypoints_m(rollout), _contacts(rollout), most_frames=MOST_FRAMES
    )
    return data | {"marks": marks_data([])}


def reference_keypoints_m(rollout: Rollout) -> Float[np.ndarray, "T 23 3"]:
    """Keypoints of the reference that the body follows; NaN for those that a body has not."""
    skeleton = rollout.skeleton
    own = np.asarray(body_keypoints(rollout.reference_pose, rollout.dimensions, skeleton))
    points = np.full((len(own), len(KEYPOINT_NAMES), 3), np.nan)
    for i, name in enumerate(skeleton.keypoints):
        if name in KEYPOINT_INDEX:
            points[:, KEYPOINT_INDEX[name]] = own[:, i]
    return points


def _contacts(rollout: Rollout) -> tuple[GaitEvent, ...]:
    """Events of the feet by force, until a fall."""
    upright = rollout.substep_time_s <= live_end_s(rollout) + 1e-9
    if upright.sum() < LEAST_SAMPLES:
        return ()
    times, forces = rollout.substep_time_s[upright], rollout.foot_force_n[upright]
    return contact_events(times, forces, rollout.body_weight_n)


def replay_parts(replays: Replays | None) -> dict[str, Any]:
    """What the templates need of replays; nothing is played where there is none."""
    walks: Sequence[ReplayedWalk] = () if replays is None else replays.walks
    return {
        "replays": [
            {
                "ending": f"-{one.kind}",
                "title": TITLES.get(one.kind, one.kind),
                "said": _said(one),
                "data": Markup(json_for_html(one.data)),
            }
            for one in walks
        ],
        "replays_of": "" if replays is None else _of(replays),
        "js": Markup(asset("replay.js")) if walks else "",
    }


def _of(replays: Replays) -> str:
    return f"the policy after {replays.steps:,} steps, score {replays.score:.3f}"


def _said(one: ReplayedWalk) -> str:
    end = "fell after" if one.fell else "walked to the end,"
    return (
        f"{one.walk}: {end} {one.stood_s:.1f} s; joint angles {one.angle_rmse_deg:.1f}°; alone it "
        f"would score {one.cost_deg:.2f}."
    )


def replay_page(name: str, replays: Replays) -> str:
    """A page of the replays alone, which needs nothing beside it."""
    return render(
        "replays.html", on_sheets=(f"training {name}",), name=name, **replay_parts(replays)
    )
