"""How the refiner and its rivals do: people left out one by one, and walkers unseen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from jaxtyping import Float

from simgait.agreement.waveforms import cmc_within
from simgait.companions.angle_refiner.curves import ANGLES, CurvePairs
from simgait.companions.angle_refiner.extremes import known_half_widths
from simgait.companions.angle_refiner.left_out import SYNTHETIC, Said
from simgait.companions.angle_refiner.refiner import AS_IS, ESTIMATORS, FUSED
from simgait.companions.angle_refiner.walks import (
    SYSTEMS,
    pairs_by,
    policy_behind,
    synthetic_walks,
)
from simgait.companions.angle_refiner.weights import OWN, load_refiners, released_folder
from simgait.estimators.companion import Evaluation, Say
from simgait.estimators.judged import Judged, judge
from simgait.estimators.people import refuse_shared_people
from simgait.parameters.curves import CURVES

FIRST_JUDGED = 40_000
"""Of the test walkers: the scorecard's, the benchmark's and other companions' lie before."""
LABELS = {curve.coordinate: curve.label.lower() for curve in CURVES}
FEWEST_CURVES = 4
"""Chosen: a slope on truth over fewer follows single curves."""
TITLE = (
    "Marker walks of training people and synthetic walkers, through simulated errors of a "
    "detector: how well the method refines what it was made for, not its accuracy on people."
)
OWN_TITLE = "The people of the user's own table, each left out once."
CMC_NOTE = (
    "CMC: likeness of two curves over the cycle, an offset counts (Ferrari et al. 2010), mean over "
    "the curves; 0 where it is not defined."
)


def mean_cmc(estimate: Float[np.ndarray, "N P"], truth: Float[np.ndarray, "N P"]) -> float:
    """Mean over curves of the inter-protocol CMC; 0 where one is not defined, as of a flat one."""
    pairs = np.stack([estimate, truth], axis=1)
    values = [cmc_within(pair[None]).value for pair in pairs]
    return float(np.mean(np.nan_to_num(values)))


def judged_rows(
    pairs: CurvePairs,
    said: Mapping[str, Float[np.ndarray, "N 51 8"]],
    half_widths_deg: Mapping[str, float],
    suffix: str,
) -> list[Judged]:
    """Each estimator on each angle that enough curves know; the fused with its interval's coverage.

    Args:
        pairs: with their truth.
        said: angles (deg) by estimator; NaN where it was not asked.
        half_widths_deg: of the fused angles' intervals.
        suffix: of the quantities' names.
    """
    rows: list[Judged] = []
    for column, angle in enumerate(ANGLES):
        for name, told in said.items():
            estimate, truth = told[..., column], pairs.true[..., column]
            known = np.isfinite(estimate).all(axis=1) & np.isfinite(truth).all(axis=1)
            which = np.flatnonzero(known)
            if len(which) < FEWEST_CURVES:
                continue
            estimate, truth = np.asarray(estimate[which], float), truth[which]
            people = [pairs.people[i] for i in which for _ in range(truth.shape[1])]
            width = half_widths_deg.get(angle, np.nan) if name == FUSED else np.nan
            one = judge(
                name, f"{LABELS[angle]}{suffix}", "°", truth.ravel(), estimate.ravel(), people,
                width,
            )  # fmt: skip
            rows.append(replace(one, pairs=len(which), cmc=mean_cmc(estimate, truth)))
    return rows


def left_out_rows(
    systems: Mapping[str, CurvePairs],
    said: Mapping[str, Said],
    half_widths_deg: Mapping[str, Mapping[str, float]],
) -> list[Judged]:
    """The table of the people who were left out; of those with markers also by themselves."""
    rows: list[Judged] = []
    for name, pairs in systems.items():
        told = {one: said[name][k] for k, one in enumerate(ESTIMATORS)}
        suffix = "" if name == OWN else f", {name}"
        rows += judged_rows(pairs, told, half_widths_deg[name], suffix)
        marked = np.array([not who.startswith(SYNTHETIC) for who in pairs.people])
        if marked.all() or not marked.any():
            continue
        own = np.flatnonzero(marked)
        few = {one: told[one][own] for one in (FUSED, AS_IS)}
        rows += judged_rows(
            pairs.rows(own), few, half_widths_deg[name], f"{suffix}, people with markers"
        )
    return rows


def evaluate(people: int, folder: Path | None = None, say: Say = lambda line: None) -> Evaluation:
    """The table of people left out, which the training made, and test walkers unseen.

    Args:
        people: how many test walkers.
        folder: of the weights; None takes the released ones.
        say: told how far it is.

    Raises:
        InputError: the weights are missing or damaged.
        SplitError: a test walker was learned from.
    """
    refiners, card = load_refiners(folder or released_folder())
    rows = [Judged.of(row) for row in card.evaluation]
    if not set(refiners) <= set(SYSTEMS):
        return Evaluation(OWN_TITLE, tuple(rows), (CMC_NOTE,))
    notes = [CMC_NOTE, left_out_note(card.left_out)]
    for name, refiner in refiners.items():
        if (learned := card.networks[name].policy_sha256) != (today := policy_behind(name)):
            notes.append(
                f"{name}: not judged on test walkers; it learned the angles of policy "
                f"{str(learned)[:12]}, and policy {str(today)[:12]} tracks today."
            )
            continue
        say(f"{people} test walkers, {SYSTEMS[name].label}")
        walks = synthetic_walks("test", FIRST_JUDGED, people, SYSTEMS[name].detector)
        pairs = pairs_by(SYSTEMS[name], walks)
        network = card.networks[name]
        refuse_shared_people(network.people, pairs.people)
        widths = known_half_widths(network.half_widths_deg)
        rows += judged_rows(pairs, refiner.said(pairs.estimated), widths, f", {name}, test walkers")
    return Evaluation(TITLE, tuple(rows), tuple(notes))


def left_out_note(left_out: Mapping[str, Sequence[int]]) -> str:
    """How many people were left out, of each system."""
    counts = ", ".join(
        f"{name} {n} ({marked} with markers)" for name, (n, marked) in left_out.items()
    )
    return (
        f"Rows without test walkers: people left out one by one when it was trained, judged by "
        f"networks that learned from all others: {counts}."
    )
