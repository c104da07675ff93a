"""The twin that walks, for the replay: on the person's frames, small."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float

from simgait.report.trial.replay import frame_stride, packed_points
from simgait.report.trial.twin_walk import TwinBody
from simgait.series.resampling import linear
from simgait.skeleton.coordinates import HORIZONTAL, POSITION
from simgait.types import Rollout

ASIDE_HEIGHTS = np.array([0.35, 0.45])
"""How far the twin is drawn ahead and to the left of the person, in body heights: apart from every
side from which the replay is looked at."""
FURTHEST_M = 2.0
"""A twin that goes its own way and ends further than that from the person is kept beside it."""


def twin_data(rollout: Rollout, twin: TwinBody) -> dict[str, Any]:
    """What the page's script draws of a twin, beside the person; packed as `replay_data` does.

    origin: (F, 3) its mid-hip, int32 mm, F frames those of the person's replay. body: (F, K, 3),
    K keypoints of `names`; MISSING where the person's walk begins before the twin's or goes on
    after it. keeps: whether it is kept at the person's place and does not go its own way.
    """
    kept = slice(None, None, frame_stride(rollout))
    at_s, person_m = rollout.time_s[kept], np.array(rollout.pose[kept, POSITION])
    own_s = twin.starts_s + twin.rollout.time_s
    inside = (at_s >= own_s[0] - 1e-6) & (at_s <= own_s[-1] + 1e-6)
    origin_m = _at(at_s, own_s, twin.rollout.pose[:, POSITION])
    about_m = _at(at_s, own_s, twin.rollout.keypoints_m) - origin_m[:, None]
    about_m[~inside] = np.nan
    apart_m = person_m[:, HORIZONTAL] - origin_m[:, HORIZONTAL]
    meets_m = apart_m[inside][inside.sum() // 2] if inside.any() else np.zeros(2)
    keeps = bool(np.linalg.norm(apart_m[inside] - meets_m, axis=-1).max(initial=0.0) > FURTHEST_M)
    aside_m = ASIDE_HEIGHTS * float(rollout.dimensions.height_m)
    origin_m[:, HORIZONTAL] += (apart_m if keeps else meets_m) + aside_m
    origin_mm = np.round(1000.0 * origin_m)
    return {
        "names": list(twin.rollout.skeleton.keypoints),
        "keeps": keeps,
        **packed_points(origin_mm, about_m + (origin_mm / 1000.0)[:, None]),
    }


def _at(
    at_s: Float[np.ndarray, " F"], own_s: Float[np.ndarray, " T"], values: np.ndarray
) -> np.ndarray:
    """Values over (T, ...) at other times, between frames by a straight line."""
    flat = linear(values.reshape(len(own_s), -1), own_s, at_s)
    return flat.reshape(len(at_s), *values.shape[1:])
