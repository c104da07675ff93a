"""A synthetic walker as a `Recording`: exact, or as a monocular detector would see it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from simgait.skeleton.coordinates import POSITION
from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.synthetic.detectors.monocular_v1 import (
    Distance,
    MonocularErrors,
    View,
    corrupt,
    place_camera,
)
from simgait.synthetic.walkers.keypoints import exact_keypoints
from simgait.synthetic.walkers.walk import VERSION, WalkTruth
from simgait.types import Recording


@dataclass(frozen=True)
class SyntheticRecording:
    """A recording beside the exact walk behind it; `errors` is None for exact keypoints."""

    recording: Recording
    walk: WalkTruth
    errors: MonocularErrors | None


def subject_of(seed: int) -> str:
    """The subject id of the walker with a seed."""
    return f"synthetic-{seed:06d}"


def of_unknown_detector(recording: Recording) -> Recording:
    """As a real file comes: nobody says that its points are a known detector's."""
    return replace(recording, error_model="")


def trial_from_walk(
    walk: WalkTruth,
    monocular: bool = True,
    seed: int | None = None,
    view: View | None = None,
    distance: Distance | None = None,
    missing: tuple[str, ...] | None = None,
) -> SyntheticRecording:
    """Make the recording of a walk.

    Args:
        walk: from `synthetic.walk`.
        monocular: apply the error model "monocular-v1"; else exact keypoints.
        seed: of camera and errors; the walker's own seed if None.
        view: see `monocular.place_camera`.
        distance: see `monocular.place_camera`.
        missing: keypoints that the detector lacks, see `monocular.corrupt`.

    Raises:
        InputError: as those two.
    """
    spec = walk.spec
    exact = exact_keypoints(walk.pose, spec.dimensions)
    fps_hz = 1.0 / float(walk.time_s[1] - walk.time_s[0])
    errors: MonocularErrors | None = None
    keypoints, confidence = exact, (exact[..., 0] == exact[..., 0]).astype(float)
    notes: tuple[str, ...] = (f"Synthetic walker ({VERSION}, {spec.pattern}).",)
    if monocular:
        use = spec.seed if seed is None else seed
        camera = place_camera(walk.pose[:, POSITION], use, view, distance)
        seen = corrupt(exact, camera, use, fps_hz, missing)
        keypoints, confidence, errors = seen.keypoints_m, seen.confidence, seen.errors
        notes += (f"Keypoints through {errors.version}, camera {camera.view}, {camera.distance}.",)
    elif missing:
        columns = [KEYPOINT_NAMES.index(name) for name in missing]
        keypoints[:, columns], confidence[:, columns] = float("nan"), 0.0
    subject = subject_of(spec.seed)
    recording = Recording(
        recording_id=f"{subject}-{spec.pattern}",
        source_format="synthetic",
        time_s=walk.time_s,
        keypoint_names=KEYPOINT_NAMES,
        keypoints_m=keypoints,
        confidence=confidence,
        scale_is_metric=not monocular,
        pelvis_travels=True,
        subject_id=subject,
        height_m=spec.height_m,
        mass_kg=float(spec.dimensions.mass_kg),
        pose=walk.pose,
        floor_z_m=0.0,
        error_model=errors.version if errors is not None else "",
        events=walk.events,
        notes=notes,
    )
    return SyntheticRecording(recording, walk, errors)
