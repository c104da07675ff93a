"""How far off BlazePose's landmarks are in the picture: by which they are, and how sure it is."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from simgait.video.landmarks import N_LANDMARKS, LandmarkTrack

SURE_SD = {
    (11, 12): 0.016, (13, 14): 0.013, (15, 16): 0.012, (23, 24): 0.022, (25, 26): 0.017,
    (27, 28): 0.023, (29, 30): 0.027, (31, 32): 0.025,
}  # fmt: skip
"""Landmarks of shoulders, elbows, wrists, hips, knees, ankles, heels, toes -> SD, right and down
each, of one of which the network is sure; over the person's size in the picture, from shoulders to
ankles. Of a normal distribution with the median of the errors, constant ones included, of 22
rendered clips that are in no benchmark (seeds 910000 to 910210, 8 760 pictures and sides, legs
exchanged back)."""
GROWTH = 1.9
"""SD of a landmark of confidence c over that of a sure one: exp(1.9 (1 - c)). Knees, ankles, heels
and toes of the same clips have 1.6 to 2.2, one by one; hips and shoulders are seldom unsure."""
OTHERS_SD = 0.025
"""Of the face and the hands, which have no truth there; as of feet."""


def blazepose_sd_px(track: LandmarkTrack) -> Float[np.ndarray, "F 33"]:
    """SD (px) of each landmark's place in the picture, to the right and down each."""
    sure = np.full(N_LANDMARKS, OTHERS_SD)
    for pair, sd in SURE_SD.items():
        sure[list(pair)] = sd
    grown = sure * np.exp(GROWTH * (1.0 - track.confidence))
    return np.asarray(grown * float(np.median(track.size_px)))
