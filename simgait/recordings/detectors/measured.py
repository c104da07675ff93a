"""What was measured of detectors: how far their paths read, whatever the file and the camera say.

A single camera does not see how far away a person is. A detector guesses it, from a size of the
body and a field of view that it believes in, and so the pelvis's path, scaled with the body to the
person's height, is too long or too short, by about the same factor in all recordings of a camera.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Detector:
    """A detector, or a family of them.

    Attributes:
        name: as `Recording.detector` or `Recording.error_model` has it; "" is any other.
        travel_reads: length of the pelvis's path, scaled to the height, over the true one.
        travel_spread: SD of it between recordings.
        says: where the two come from.
    """

    name: str
    travel_reads: float
    travel_spread: float
    says: str


ANY_DETECTOR = Detector(
    "", 1.05, 0.07,
    "327 frontal walks through MeTRAbs 1.05, SD 0.07; BlazePose on rendered people, in four views, "
    "1.02 to 1.08",
)  # fmt: skip
DETECTORS: dict[str, Detector] = {
    one.name: one
    for one in (
        ANY_DETECTOR,
        Detector(
            "monocular-v1", 1.03, 0.06,
            "61 marker walks of 19 people through it, in four views: 1.03, SD 0.06",
        ),
        *(
            Detector(
                name, 1.03, 0.06,
                "61 marker walks of 19 people through it: 1.05 from ahead and behind, 0.97 across",
            )
            for name in ("metrabs-17-v1", "metrabs-87-v1")
        ),
    )
}  # fmt: skip


def detector_called(name: str) -> Detector:
    """What was measured of this detector; of any, where it is none of `DETECTORS`."""
    return DETECTORS.get(name, ANY_DETECTOR)
