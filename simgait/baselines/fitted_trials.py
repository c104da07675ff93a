"""Trials with the body fitted to them, those that it does not fit refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from simgait.baselines.tracker import Answer, Refusal, WalkEstimate
from simgait.body.fit import FitConfig, fit_references, measure_dimensions
from simgait.errors import InputError
from simgait.skeleton.dimensions import Dimensions
from simgait.types import FittedTrial, Trial


def fit_trials(trials: Sequence[Trial], config: FitConfig) -> list[FittedTrial | Refusal]:
    """Measures and fits every trial in one batch; a refusal where the body does not fit."""
    answers: list[FittedTrial | Refusal] = [Refusal("")] * len(trials)
    kept: list[int] = []
    people: list[Dimensions] = []
    for i, trial in enumerate(trials):
        try:
            people.append(measure_dimensions(trial))
            kept.append(i)
        except InputError as error:
            answers[i] = Refusal(str(error))
    if kept:
        fitted = fit_references([trials[i] for i in kept], people, config)
        for i, one in zip(kept, fitted, strict=True):
            answers[i] = one
    return answers


def estimate_or_refuse(
    estimate: Callable[[FittedTrial], WalkEstimate], fitted: FittedTrial | Refusal
) -> Answer:
    """The estimate of a fitted trial; what the gait analysis cannot use becomes a refusal."""
    if isinstance(fitted, Refusal):
        return fitted
    try:
        return estimate(fitted)
    except InputError as error:
        return Refusal(f"{fitted.trial.trial_id}: {error}")
