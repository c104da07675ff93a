"""The size of the body that walks a trial."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Literal

import numpy as np

from simgait.body.fit import measure_dimensions
from simgait.skeleton.dimensions import Dimensions, dimensions_from_height
from simgait.types import Trial

SizedBy = Literal["keypoints", "height"]


def body_size(trial: Trial, sized_by: SizedBy) -> Dimensions:
    """The body that walks a trial: measured on its keypoints, or from height alone (the paper).

    Raises:
        InputError: the measured legs are outside what people have.
    """
    if sized_by == "height":
        return dimensions_from_height(trial.height_m, trial.mass_kg)
    return measure_dimensions(trial)


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
