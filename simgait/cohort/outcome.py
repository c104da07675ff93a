"""What became of one trial, as the screen and the table need it: nothing that is large."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simgait.cohort.walk_record import Row
from simgait.files import csv_cell, without_folders
from simgait.parameters.catalogue import parameters
from simgait.parameters.summary_table import LEVELS, summary_columns
from simgait.pipeline import AnalysedWalk
from simgait.report.words import FAILED, NOT_TRACKED, STANDING


@dataclass(frozen=True)
class Outcome:
    """What became of one trial, or of a file that gave none.

    Attributes:
        label: of its file.
        trial_id: its name.
        row: in the table; None where the input was no recording, so that it has none.
        failure: a sentence why there is no result.
        title: verdict in words, empty for a failure.
        reasons: of the verdict.
        kept: done by an earlier call, in the same way.
    """

    label: str
    trial_id: str
    row: Row | None
    failure: str = ""
    title: str = ""
    reasons: tuple[str, ...] = ()
    kept: bool = False

    @property
    def folder(self) -> str:
        """Of its report; empty where there is none."""
        return self.row["folder"] if self.row else ""

    @property
    def is_standing(self) -> bool:
        """The recording is a standing trial, which is not tracked."""
        return self.row is not None and self.row["verdict"] == STANDING


def failed(label: str, trial_id: str, failure: str) -> Outcome:
    """A recording or walk that could not be tracked."""
    facts = {"trial": trial_id, "source": label, "verdict": FAILED, "failure": failure}
    return Outcome(label, trial_id, _row(facts), failure=failure)


def standing(label: str, trial_id: str, sentence: str, duration_s: float) -> Outcome:
    """A recording in which nobody walks, as it should be."""
    facts = {
        "trial": trial_id,
        "source": label,
        "verdict": STANDING,
        "reasons": sentence,
        "duration_s": duration_s,
    }
    return Outcome(label, trial_id, _row(facts), title=NOT_TRACKED[STANDING], reasons=(sentence,))


def done(label: str, folder: str, walk: AnalysedWalk) -> Outcome:
    """A walk whose report lies in `folder`, which is also its name."""
    verdict = walk.verdict
    facts = walk_facts(walk) | {"trial": folder, "source": label, "folder": folder}
    return Outcome(label, folder, _row(facts), title=verdict.title, reasons=tuple(verdict.reasons))


def kept(label: str, row: Row) -> Outcome:
    """A walk that an earlier call has tracked."""
    return Outcome(label, row["trial"], row, kept=True)


def walk_facts(walk: AnalysedWalk) -> dict[str, object]:
    """What the table says of a walk, by column."""
    tracked, result, verdict = walk.tracked, walk.gait, walk.verdict
    facts: dict[str, object] = {
        "verdict": verdict.level,
        "do_not_use": " ".join(verdict.names("do_not_use")),
        "rough": " ".join(verdict.names("rough")),
        "single": " ".join(verdict.names("single")),
        "reasons": " ".join(verdict.reasons),
        "subject": tracked.trial.subject_id,
        "recorded_on": tracked.trial.recorded_on,
        "duration_s": float(tracked.trial.time_s[-1]),
        "height_m": tracked.trial.height_m,
        "left_cycles": sum(c.side == "left" for c in result.cycles),
        "right_cycles": sum(c.side == "right" for c in result.cycles),
        "fell": int(tracked.rollout.fell),
        "residual_force_percent_bw": result.residual_force_percent_bw,
        "score_reference": "" if result.scores is None else result.scores.reference,
    }
    for one in parameters():
        for pool in one.summary:
            statistic = result.parameters.get(one.key, {}).get(pool)
            if statistic is not None:
                facts[one.summary_column(pool)] = statistic.mean
                ends = zip(one.interval_columns(pool), result.interval(one.key, pool), strict=True)
                facts |= {name: end for name, end in ends if math.isfinite(end)}
    return facts


def _row(facts: Mapping[str, object]) -> Row:
    columns = summary_columns()
    named = {level: _of_columns(str(facts.get(level, "")), columns) for level in LEVELS}
    return {name: _cell({**facts, **named}.get(name, "")) for name in columns}


def _of_columns(names: str, columns: Sequence[str]) -> str:
    """Those that the table has a column of; of curves `level` of mean_curves.csv says it."""
    return " ".join(name for name in names.split() if name in columns)


def _cell(value: object) -> str:
    """Text as it is written; six digits are more than any of the numbers is worth."""
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:.6g}"
    return str(csv_cell(without_folders(value) if isinstance(value, str) else value))
