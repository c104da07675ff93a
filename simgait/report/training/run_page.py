"""The page of one training: its curves, how far it is, which of its policies is the best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simgait.parameters.wording import duration
from simgait.report.page import render
from simgait.report.training.charts import curve
from simgait.report.training.replays import Replays, replay_parts

STEPS, WALL, SCORE = "steps", "wall_s", "validation_score"
VALIDATION = "validation_"
MOST_VALIDATIONS = 12
"""In the page's table, beside the best one. Chosen."""
TITLES = {
    SCORE: "Validation score",
    "validation_angle_rmse_deg": "Validation: joint angles, °",
    "validation_fall_fraction": "Validation: share that fell",
    "validation_residual_force_bw": "Validation: residual force, body weights",
    "validation_velocity_bias_mps": "Validation: speed bias, m/s",
    "validation_velocity_sd_mps": "Validation: speed SD, m/s",
    "reward": "Reward of a step",
    "angle_error_deg": "Joint angles in training, °",
    "path_error_m": "Distance from the path, m",
    "residual_force_bw": "Residual force, body weights",
    "fell": "Share of steps that end in a fall",
    "strayed": "Share of steps that end astray",
    "not_finite": "Share of steps whose physics diverged",
    "entropy": "Entropy of the policy",
    "policy_loss": "Loss of the policy",
    "value_loss": "Loss of the value",
    "kl": "Divergence from the policy that acted",
    "teacher_kl": "Divergence from the teacher",
    "learning_rate": "Learning rate",
    "gradient_norm": "Gradient of a rollout by its actions, norm",
    "gradients_cut": "Share of rollouts whose gradient was cut",
    "gradients_dropped": "Share of rollouts left out, gradient not finite",
}
"""Columns of a training's log, as the page calls them; others stand by their own name."""


@dataclass(frozen=True)
class RunPage:
    """What the page shows.

    Attributes:
        name: of the recipe.
        facts: versions and commit in one line.
        rows: of the training's log, cells as they stand in it.
        total_steps: environment steps of the whole training.
        written: date and time of the page.
        refresh_s: a browser loads the page anew so often; None once the training is over.
        replays: of the best policy.
        kept: after how many steps the policies are that are kept beside the best one.
        not_finite: what became none and when, where the training ended so; the dump lies beside.
    """

    name: str
    facts: str
    rows: Sequence[Mapping[str, str]]
    total_steps: int
    written: str
    refresh_s: int | None
    replays: Replays | None = None
    kept: Sequence[int] = ()
    not_finite: str = ""


def run_page(run: RunPage) -> str:
    """The page as HTML."""
    columns = _columns(run.rows)
    steps = columns.get(STEPS, np.zeros(0))
    scores = columns.get(SCORE, np.zeros(0))
    best = int(np.nanargmin(scores)) if np.isfinite(scores).any() else None
    shown = [name for name in (*TITLES, *columns) if name in columns]
    drawn = [name for name in dict.fromkeys(shown) if name not in (STEPS, WALL)]
    at = None if best is None else float(steps[best])
    return render(
        "run.html",
        on_sheets=(f"training {run.name}",),
        name=run.name,
        facts=run.facts,
        refresh=run.refresh_s,
        headline=_headline(run, steps, columns.get(WALL, np.zeros(0))),
        best=None if best is None else {"score": f"{scores[best]:.3f}", "steps": f"{at:,.0f}"},
        pictures=[curve(TITLES.get(name, name), steps, columns[name], at) for name in drawn],
        last=_last(run.rows),
        validations=_validations(columns, best),
        kept=", ".join(f"{steps:,}" for steps in run.kept),
        not_finite=run.not_finite,
        **replay_parts(run.replays),
        written=run.written,
    )


def _columns(rows: Sequence[Mapping[str, str]]) -> dict[str, np.ndarray]:
    names = rows[0] if rows else ()
    columns = {name: np.array([_number(row.get(name)) for row in rows]) for name in names}
    return {name: values for name, values in columns.items() if np.isfinite(values).any()}


def _number(cell: str | None) -> float:
    try:
        return float(cell or "nan")
    except ValueError:
        return float("nan")


def _validations(columns: Mapping[str, np.ndarray], best: int | None) -> dict[str, Any]:
    """The last validations as a table, the newest first, with the best one."""
    if best is None:
        return {"rows": [], "names": [], "left_out": 0}
    found = np.flatnonzero(np.isfinite(columns[SCORE]))
    shown = sorted({*found[-MOST_VALIDATIONS:].tolist(), best}, reverse=True)
    names = [name for name in TITLES if name in columns and name.startswith(VALIDATION)]
    return {
        "names": ["Steps", *(_short_title(name) for name in names)],
        "rows": [
            {
                "best": row == best,
                "cells": [
                    f"{columns[STEPS][row]:,.0f}",
                    *(f"{columns[name][row]:.4g}" for name in names),
                ],
            }
            for row in shown
        ],
        "left_out": len(found) - len(shown),
    }


def _short_title(name: str) -> str:
    title = TITLES[name].removeprefix("Validation").removeprefix(": ").strip()
    return title[:1].upper() + title[1:]


def _headline(run: RunPage, steps: np.ndarray, wall_s: np.ndarray) -> str:
    if not len(steps):
        return f"0 of {run.total_steps:,} steps."
    done = float(steps[-1])
    said = f"{done:,.0f} of {run.total_steps:,} steps ({100 * done / run.total_steps:.0f} %)"
    if not len(wall_s):
        return f"{said}."
    said += f", {duration(float(wall_s[-1]))} so far"
    # Over what is logged: the first row holds the compiling of the first validation.
    if len(steps) > 1 and wall_s[-1] > wall_s[0] and done < run.total_steps:
        rate = (done - steps[0]) / (wall_s[-1] - wall_s[0])
        said += f", about {duration((run.total_steps - done) / rate)} left at {rate:,.0f} steps/s"
    return f"{said}."


def _last(rows: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """The last value of every column."""
    found: dict[str, str] = {}
    for row in rows:
        found |= {name: cell for name, cell in row.items() if cell}
    return [
        {"name": TITLES.get(name, name), "value": f"{_number(cell):.4g}"}
        for name, cell in found.items()
        if name not in (STEPS, WALL)
    ]
