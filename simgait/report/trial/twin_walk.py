"""A walk's normative twin in the physics: whether it walks, and its figures beside the person's."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float
from markupsafe import Markup

from simgait.files import csv_text, write_text
from simgait.findings import Code, Finding
from simgait.gait.analyse import MAX_RESIDUAL_PERCENT_BW
from simgait.gait.joint_measures import JOINT_MEASURES, NAN, joint_statistics
from simgait.gait_result import GaitResult
from simgait.parameters.parameter import POOLS
from simgait.parameters.wording import counted, number
from simgait.report.trial.first_sheet import key_figures
from simgait.report.trial.levels import NumberLevel
from simgait.report.trial.measure import live_end_s, stances
from simgait.report.trial.parameter_table import briefly_flagged
from simgait.report.trial.verdict import Verdict
from simgait.report.twin import TWIN_FIGURES
from simgait.report.words import sentences
from simgait.skeleton.coordinates import HORIZONTAL
from simgait.skeleton.sides import SIDES
from simgait.types import Rollout

NO_WALK = frozenset(
    (
        Code.FELL, Code.NO_CYCLE, Code.STEPS_ONLY, Code.HELPER_FORCES, Code.HELPER_MOMENT,
        Code.HELPER_FORCES_UNKNOWN, Code.NO_LEG_POINTS,
    )
)  # fmt: skip
"""Findings with which a body did not walk by itself, however grave they are."""
ASTRAY = frozenset((Code.OFF_RECORDING, Code.OFF_PATH))
"""Findings with which, where they are grave, it did not walk as the twin would."""
FLAT = (0.15, 0.45)
"""Part of a stance in which a foot stands flat, as a footprint is read (docs/definitions.md)."""
PICTURE = (
    "It is a picture of what a normal walk like this one would be: computed, no measurement of "
    "anybody, and not a goal."
)


@dataclass(frozen=True)
class TwinBody:
    """The simulated body through a twin.

    Attributes:
        rollout: of it.
        gait: read from it.
        verdict: on that.
        starts_s: where its clock begins, on the clock of the person's trial.
    """

    rollout: Rollout
    gait: GaitResult
    verdict: Verdict
    starts_s: float


@dataclass(frozen=True)
class TwinWalk:
    """What became of a twin in the physics.

    Attributes:
        companion: whose twin; empty where none made one.
        body: that was to walk it; None where it could not be tracked.
        reasons: why it is not shown as walking, in sentences; none where it walks.
    """

    companion: str
    body: TwinBody | None
    reasons: tuple[str, ...] = ()

    @property
    def is_walking(self) -> bool:
        """Whether the body walked the twin by itself, to the end."""
        return self.body is not None and not self.reasons


def twin_walked(companion: str, body: TwinBody) -> TwinWalk:
    """A tracked twin, and whether it walks: no fall, a cycle, little help, nothing gone astray."""
    found = [one for one in body.verdict.findings if _is_no_walk(one)]
    return TwinWalk(companion, body, sentences(found))


def _is_no_walk(finding: Finding) -> bool:
    return finding.code in NO_WALK or (finding.code in ASTRAY and finding.severity == "stop")


def slips_mm(rollout: Rollout, gait: GaitResult) -> Float[np.ndarray, " N"]:
    """How far the heel moves along the floor while its foot stands flat (mm), of each stance."""
    heels = {side: rollout.skeleton.keypoints.index(f"{side.title()} Heel") for side in SIDES}
    found = []
    for side in SIDES:
        heel = rollout.keypoints_m[:, heels[side], HORIZONTAL]
        # Stances that the recording cuts have no known parts.
        for start, end in stances(gait.events, side, live_end_s(rollout)):
            if rollout.time_s[0] < start and end < live_end_s(rollout):
                at = start + np.array(FLAT) * (end - start)
                apart = [np.ptp(np.interp(at, rollout.time_s, heel[:, k])) for k in range(2)]
                found.append(1000.0 * float(np.hypot(*apart)))
    return np.array(found)


def twin_section(twin: TwinWalk | None, result: GaitResult, verdict: Verdict) -> dict[str, Any]:
    """What the page says of the twin in the physics; nothing where nobody asked."""
    if twin is None:
        return {"twin_text": ""}
    if twin.body is None or not twin.is_walking:
        why = " ".join(twin.reasons)
        return {"twin_text": f"The twin is not shown as walking. {why}", "twin_rows": []}
    return {
        "twin_text": f"{PICTURE} {_walked_text(twin.body)}",
        "twin_rows": [
            {"label": one.label, "unit": one.unit, "cells": (one.walk_cell, one.twin_cell)}
            for one in figures(twin.body, result, verdict)
        ],
        "twin_file": TWIN_FIGURES,
    }


def _walked_text(body: TwinBody) -> str:
    gait, rollout = body.gait, body.rollout
    landings = [
        sum(e.kind == "initial_contact" and e.side == side for e in gait.events) for side in SIDES
    ]
    tries = "" if rollout.attempts == 1 else f" at attempt {rollout.attempts}"
    slips = slips_mm(rollout, gait)
    stand = (
        f"; its standing feet move by {number(float(np.median(slips)), 0)} mm on the median"
        if len(slips)
        else ""
    )
    return (
        f"The physics walked it for {number(live_end_s(rollout), 1)} s without a fall{tries}: "
        f"{landings[0]} left and {counted(landings[1], 'right foot contact')}{stand}. Helper "
        f"forces: {number(gait.residual_force_percent_bw, 1)} % of body weight (root mean square; "
        f"above {MAX_RESIDUAL_PERCENT_BW:g} % it would not be shown as walking)."
    )


@dataclass(frozen=True)
class TwinFigure:
    """One key figure of the walk and of its twin.

    Attributes:
        key, side, label, unit: what; the unit as a page shows it.
        walk, twin: values in the stored unit, NaN unknown.
        walk_cell, twin_cell: the same for a page, struck where not to be used.
    """

    key: str
    side: str
    label: str
    unit: str
    walk: float
    twin: float
    walk_cell: Markup
    twin_cell: Markup


def figures(body: TwinBody, result: GaitResult, verdict: Verdict) -> Iterator[TwinFigure]:
    """The key figures of the first sheet but the scores, then the peaks of the joints."""
    for one in key_figures(result):
        if one.of_scores is None:
            own, others = result.parameters[one.key], body.gait.parameters.get(one.key, {})
            sided = [side for side in SIDES if side in own and own[side].n]
            for pool in sided if one.is_compared and sided else POOLS[-1:]:
                walk, twin = (found[pool].mean if pool in found else NAN for found in (own, others))
                level, twins = verdict.number_level(one.key, pool), _twin_level(body, one.key, pool)
                yield TwinFigure(
                    one.key, pool, one.label if pool == "both" else f"{one.label}, {pool}",
                    one.display.unit.symbol, walk, twin,
                    _cell(one.display.text(walk), level), _cell(one.display.text(twin), twins),
                )  # fmt: skip
    yield from _peaks(body, result, verdict)


def _peaks(body: TwinBody, result: GaitResult, verdict: Verdict) -> Iterator[TwinFigure]:
    own, others = joint_statistics(result), joint_statistics(body.gait)
    for name, one in JOINT_MEASURES.items():
        for side in SIDES:
            walk, twin = own[name][side].mean, others[name][side].mean
            level = verdict.measure_level(one, side)
            twins = _twin_level(body, one.curve, side, of_range=one.is_range)
            yield TwinFigure(
                name, side, f"{one.label}, {side}", "°", walk, twin,
                _cell(number(walk, 0), level), _cell(number(twin, 0), twins),
            )  # fmt: skip


def _twin_level(
    body: TwinBody, key: str, pool: str, *, of_range: bool = False
) -> NumberLevel | None:
    """As judged; rough where the doubt is that nobody saw a twin travel, which is so of each."""
    for judged in body.verdict.numbers:
        if (judged.key, judged.pool) == (key, pool):
            one = judged.of_range if of_range else judged
            unseen = {doubt.code for doubt in one.doubts} == {Code.TRAVEL_UNKNOWN}
            return "rough" if unseen else one.level
    return None


def _cell(text: str, level: NumberLevel | None) -> Markup:
    return briefly_flagged(Markup('<span class="v">{}</span>').format(text), level)


def write_twin_figures(path: Path, body: TwinBody, result: GaitResult, verdict: Verdict) -> None:
    """parameter, side, walk, twin: stored units, as the names say; empty where unknown."""
    rows = [
        (one.key, one.side, *(f"{v:.6g}" if math.isfinite(v) else "" for v in (one.walk, one.twin)))
        for one in figures(body, result, verdict)
    ]
    write_text(path, csv_text(("parameter", "side", "walk", "twin"), rows))


def twin_record(twin: TwinWalk) -> dict[str, Any]:
    """What the provenance keeps of it."""
    known: dict[str, Any] = {
        "companion": twin.companion, "walks": twin.is_walking, "reasons": list(twin.reasons),
    }  # fmt: skip
    if twin.body is not None:
        force = twin.body.gait.residual_force_percent_bw
        known |= {"fell": twin.body.rollout.fell, "attempts": twin.body.rollout.attempts}
        known |= {"residual_force_percent_bw": force} if math.isfinite(force) else {}
    return known
