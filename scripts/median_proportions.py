"""Prints the median proportions of the real training subjects, for `simgait/body/sizing.py`.

SIMGAIT_DATA=DIR python scripts/median_proportions.py
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from simgait.body.sizing import MEDIAN_PER_HEIGHT, body_size
from simgait.datasets.preparation import SHORT_WALKS
from simgait.datasets.real_recordings import real_recordings
from simgait.trials.preparation import prepare


def main() -> None:
    """The median over people of each person's median walk."""
    people: dict[str, list[list[float]]] = {}
    for recording in real_recordings(Path(os.environ["SIMGAIT_DATA"]), test=False):
        for trial in prepare(recording, SHORT_WALKS):
            size = body_size(trial, "keypoints")
            shares = [getattr(size, name) / size.height_m for name in MEDIAN_PER_HEIGHT]
            people.setdefault(trial.subject_id, []).append(shares)
    medians = np.median([np.median(walks, axis=0) for walks in people.values()], axis=0)
    for name, value in zip(MEDIAN_PER_HEIGHT, medians, strict=True):
        print(f"{name}: {value:.3f} of height ({len(people)} people)")


if __name__ == "__main__":
    main()
