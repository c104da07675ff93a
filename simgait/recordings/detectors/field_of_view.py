"""Points found through a lens that their detector did not know, put where that lens has them.

A detector tells from a person's size in the picture how far away he is, by the focal length f' that
it believes in. Through a lens of focal length f he is f / f' times as far, and as far to the side
and up as before: size and place in the picture are f / depth times those in metres, whatever f is.
Only where the body stands follows from the lens. Its shape is the detector's, and stays; so does
how it is turned, which at the picture's edge hangs on the lens as well (a few degrees), in each
detector by other means.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.option_names import option
from simgait.recordings.axes import tells_forward
from simgait.recordings.detectors.keypoint_sets import KeypointSet
from simgait.recordings.options import ReadOptions
from simgait.recordings.treadmill import hips_are_fixed
from simgait.series.gaps import bridge
from simgait.video.camera import check_field_of_view

LEAST_SEEN = 0.95
"""Share of the frames in which the hips are where the assumed camera sees; in others a detector may
have guessed them."""
BESIDE_PICTURE = 1.1
"""Of half the picture's long side, how far off the hips may lie in these: of who leaves it."""


def through_lens(
    points_m: Float[np.ndarray, "T W 3"],
    columns: Mapping[str, int],
    facts: ReadOptions,
    chosen: KeypointSet | None,
    axes: str,
    where: str,
) -> tuple[Float[np.ndarray, "T W 3"], tuple[str, ...]]:
    """Points with the body as far from the camera as the true lens has it, and a note on that.

    Args:
        points_m: forward (away from the camera), left, up; NaN where missing.
        columns: our name of a point -> its column; both hips are there.
        facts: with the true field of view and the assumed one, if they are said.
        chosen: the keypoint set, which may know what its detector assumes.
        axes: as the file has them.
        where: the file's name, for errors.

    Raises:
        InputError: one of the two is no lens's or not known, or these points are in no camera's
            frame.
    """
    if facts.fov_deg is None and facts.assumed_fov_deg is None:
        return points_m, ()
    true_deg, assumed_deg, source = _both(facts, chosen, where)
    mid_hip = points_m[:, [columns["Left Hip"], columns["Right Hip"]]].mean(axis=1)
    _refuse_no_camera(facts, mid_hip, axes, where)
    _refuse_unseen(mid_hip, assumed_deg, where)
    share = math.tan(math.radians(assumed_deg) / 2) / math.tan(math.radians(true_deg) / 2)
    farther = (share - 1.0) * bridge(mid_hip)[:, 0]
    moved = np.array(points_m)
    moved[..., 0] += farther[:, None]
    return moved, (
        f"The lens has a field of view of {true_deg:g}°, where the detector assumed "
        f"{assumed_deg:g}°{source}: the body was put {share:.3f} times as far from the camera, its "
        "shape as it was.",
    )


def _both(facts: ReadOptions, chosen: KeypointSet | None, where: str) -> tuple[float, float, str]:
    """True and assumed field of view (degrees), and where the latter is from if nobody said it."""
    true_deg, assumed_deg, source = facts.fov_deg, facts.assumed_fov_deg, ""
    if assumed_deg is None and chosen is not None and chosen.assumed_fov_deg is not None:
        assumed_deg = chosen.assumed_fov_deg
        source = (
            f" (what the detector of {chosen.name} takes where nobody gives it a camera; if "
            f"somebody did, say that field of view with {option('assumed_fov_deg')})"
        )
    if true_deg is None:
        raise InputError(
            f"{where}: the field of view that the detector assumed says nothing without the lens's "
            f"own; give it too, with {option('fov_deg')}, or leave both out."
        )
    if assumed_deg is None:
        raise InputError(
            f"{where}: of 3D keypoints the lens's field of view says nothing without the one that "
            f"the detector assumed; give it with {option('assumed_fov_deg')}, the same angle if it "
            f"knew the lens, or leave {option('fov_deg')} out."
        )
    check_field_of_view(true_deg, where)
    check_field_of_view(assumed_deg, where)
    return true_deg, assumed_deg, source


def _refuse_no_camera(
    facts: ReadOptions, mid_hip_m: Float[np.ndarray, "T 3"], axes: str, where: str
) -> None:
    """Raises InputError where the points are measured, centred, or on axes that know no camera."""
    if facts.scale_is_metric:
        why = "the positions are measured, not guessed by one camera's detector"
    elif facts.root_relative or hips_are_fixed(mid_hip_m):
        why = "the points are centred on the body and do not say how far from the camera it is"
    elif not tells_forward(axes, where):
        why = (
            f"the axes {axes!r} do not say which one leads away from the camera (as "
            "'y-down z-forward' does)"
        )
    else:
        return
    raise InputError(
        f"{where}: a field of view cannot be put right here, as {why}; leave {option('fov_deg')} "
        f"and {option('assumed_fov_deg')} out."
    )


def _refuse_unseen(mid_hip_m: Float[np.ndarray, "T 3"], assumed_deg: float, where: str) -> None:
    """Raises InputError where the camera of these axes, at their origin, would not see the body."""
    depth, *aside = np.abs(mid_hip_m[np.isfinite(mid_hip_m).all(axis=1)]).T
    ahead = mid_hip_m[np.isfinite(mid_hip_m).all(axis=1), 0] > 0.0
    limit = BESIDE_PICTURE * math.tan(math.radians(assumed_deg) / 2)
    seen = ahead & (np.maximum(*aside) <= limit * depth)
    if len(seen) and seen.mean() < LEAST_SEEN:
        raise InputError(
            f"{where}: a camera at the origin, with a field of view of {assumed_deg:g}°, sees the "
            f"hips in {100 * seen.mean():.0f} % of the frames, so that these points are in no "
            f"camera's frame or that is not what the detector assumed; check {option('axes')} and "
            f"{option('assumed_fov_deg')}, or leave {option('fov_deg')} out."
        )
