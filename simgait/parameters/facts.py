"""What a walk's analysis knows of one gait cycle and of one step; parameters follow from it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CycleFacts:
    """One gait cycle of one foot, from its initial contact to its next. NaN where not known.

    Attributes:
        stride_s: how long it lasts.
        stance_s: initial contact to foot off of this foot.
        initial_double_support_s: initial contact to the other foot's foot off.
        single_support_s: the other foot's foot off to its initial contact.
        terminal_double_support_s: the other foot's initial contact to this foot's foot off;
            negative where this foot leaves the floor before the other lands.
        stride_length_m: between the footprints at its two ends, along progression.
    """

    stride_s: float
    stance_s: float
    initial_double_support_s: float
    single_support_s: float
    terminal_double_support_s: float
    stride_length_m: float


@dataclass(frozen=True)
class StepFacts:
    """One step, of the foot that lands. NaN where not known.

    Attributes:
        length_m, width_m: between the other foot's last footprint and this foot's, along and
            across progression.
        time_s: from the other foot's initial contact to this foot's.
    """

    length_m: float
    width_m: float
    time_s: float


@dataclass(frozen=True)
class StrideScores:
    """How one stride scores against healthy people. NaN where not known.

    Attributes:
        gdi_points: Gait Deviation Index.
        gps_deg: Gait Profile Score of its side.
    """

    gdi_points: float
    gps_deg: float


@dataclass(frozen=True)
class PersonScores:
    """How a person's two sides score, each by the mean over its strides.

    Attributes:
        left, right: of the sides.
        overall_gps_deg: Gait Profile Score of both sides.
    """

    left: StrideScores
    right: StrideScores
    overall_gps_deg: float


@dataclass(frozen=True)
class MeanStep:
    """The mean step of a walk, left and right weighing the same.

    Attributes:
        length_m: of the steps whose length is known, NaN where none is.
        time_s: of all steps.
    """

    length_m: float
    time_s: float
