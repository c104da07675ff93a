"""A first guess of where a person is: world landmarks turned by their ray, placed by their size."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from simgait.video.camera import Lens
from simgait.video.landmarks import (
    ANKLES,
    HIPS,
    LEFT_KNEE,
    RIGHT_KNEE,
    SHOULDERS,
    LandmarkTrack,
)  # fmt: skip

PLACED_BY = (*SHOULDERS, *HIPS, LEFT_KNEE, RIGHT_KNEE, *ANKLES)
"""The landmarks that both networks' outputs place best."""
FAR_OFF = 1.5
"""Times as near or as far as the person's size in the picture says: landmarks in space and in the
picture that contradict each other place him behind the camera or a hundred metres away. Nobody who
walks is so much taller or shorter in one picture."""


def placed(track: LandmarkTrack, lens: Lens) -> Float[np.ndarray, "F 33 3"]:
    """Points in camera space (m; x right, y down, z away), picture by picture.

    Their sizes are the detector's guess.
    """
    points = turned_to_ray(track.world_m, lens.rays(track.mid_hip_px))
    columns = list(PLACED_BY)
    shift = translation(
        points[:, columns], lens.rays(track.image_px[:, columns]), track.confidence[:, columns]
    )
    return points + _near_neighbours(shift, track, lens)[:, None]


def _near_neighbours(
    shift: Float[np.ndarray, "F 3"], track: LandmarkTrack, lens: Lens
) -> Float[np.ndarray, "F 3"]:
    """Where the person is, by the pictures before and after where one places him far off."""
    size_m = shift[:, 2] * track.size_px / lens.focal_px
    usual_m = float(np.median(size_m))
    far_off = (size_m < usual_m / FAR_OFF) | (size_m > usual_m * FAR_OFF)
    if usual_m <= 0.0 or not far_off.any():
        return shift
    at = track.frames
    depth = np.interp(at[far_off], at[~far_off], shift[~far_off, 2])
    out = shift.copy()
    rays = lens.rays(track.mid_hip_px[far_off])
    out[far_off] = depth[:, None] * np.column_stack([rays, np.ones(len(rays))])
    return out


def turned_to_ray(
    points_m: Float[np.ndarray, "F K 3"], rays: Float[np.ndarray, "F 2"]
) -> Float[np.ndarray, "F K 3"]:
    """Points whose z is the ray to the person, on axes whose z is the camera's.

    BlazePose sees a person cut out of the picture, and knows nothing of where that was.
    """
    return np.einsum("fij,fkj->fki", ray_rotations(rays), points_m)


def ray_rotations(rays: Float[np.ndarray, "F 2"]) -> Float[np.ndarray, "F 3 3"]:
    """Smallest rotations that take the camera's axis to rays (x/z, y/z), by Rodrigues' formula."""
    along = np.concatenate([rays, np.ones((len(rays), 1))], axis=1)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    x, y, z = along.T
    zero = np.zeros_like(x)
    cross = np.stack([zero, zero, x, zero, zero, y, -x, -y, zero], axis=-1).reshape(-1, 3, 3)
    return np.eye(3) + cross + cross @ cross / (1.0 + z)[:, None, None]


def translation(
    points_m: Float[np.ndarray, "F K 3"],
    rays: Float[np.ndarray, "F K 2"],
    weights: Float[np.ndarray, "F K"],
) -> Float[np.ndarray, "F 3"]:
    """The shift after which points lie nearest to their rays, by weighted least squares.

    Each point and ray give two equations that are linear in the shift t:
    t_x − (x/z) t_z = (x/z) Z − X, and the same for y.
    """
    out = np.empty((len(points_m), 3))
    for i, (points, ray, weight) in enumerate(zip(points_m, rays, weights, strict=True)):
        root = np.sqrt(np.tile(weight, 2))
        matrix = np.zeros((2 * len(points), 3))
        matrix[: len(points), 0] = matrix[len(points) :, 1] = 1.0
        matrix[:, 2] = -ray.T.ravel()
        goal = (ray * points[:, 2:] - points[:, :2]).T.ravel()
        out[i] = np.linalg.lstsq(matrix * root[:, None], goal * root, rcond=None)[0]
    return out
