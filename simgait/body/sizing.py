"""The size of the body that walks a trial."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Literal

import numpy as np

from simgait.body.fit import measure_dimensions
from simgait.skeleton.dimensions import Dimensions, dimensions_from_height
from simgait.types import Trial

SizedBy = Literal["keypoints", "height", "median"]
MEDIAN_PER_HEIGHT = {"hip_width_m": 0.104, "thigh_m": 0.233, "shank_m": 0.253}
"""Median over the 19 real training subjects of segment by height, measured on their markers
(`scripts/median_proportions.py`, 2026-11-27)."""


def body_size(trial: Trial, sized_by: SizedBy) -> Dimensions:
    """The body that walks a trial: measured on its keypoints, or from height alone.

    With "height" segments are fractions from the literature, with "median" pelvis width, thigh and
    shank are the training data's (the paper).

    Raises:
        InputError: the measured legs are outside what people have.
    """
    if sized_by == "keypoints":
        return measure_dimensions(trial)
    usual = dimensions_from_height(trial.height_m, trial.mass_kg)
    if sized_by == "height":
        return usual
    lengths = {name: share * usual.height_m for name, share in MEDIAN_PER_HEIGHT.items()}
    return replace(usual, **lengths)


def one_person(sizes: Sequence[Dimensions]) -> Dimensions:
    """The size of a person of whom there are several walks: medians of each length (m) and mass.

    Args:
        sizes: as measured on each walk; at least one.
    """
    return Dimensions(
        **{
            field.name: float(np.median([getattr(size, field.name) for size in sizes]))
            for field in fields(Dimensions)
        }
    )
