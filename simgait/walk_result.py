"""What `simgait.track` returns: tables of gait, a verdict, and a report to write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from simgait.cohort.finished_walk import finished_record, write_finished
from simgait.cohort.outcome import done
from simgait.cohort.request import request_facts
from simgait.errors import InputError
from simgait.estimators.opinion_rows import HEADER, opinion_rows
from simgait.gait_result import GaitResult
from simgait.parameters.curves import CURVES
from simgait.parameters.parameter import interval_columns
from simgait.pipeline import AnalysedWalk
from simgait.report.trial.twin_walk import TwinWalk
from simgait.report.trial.verdict import Verdict
from simgait.skeleton.sides import SIDES, Side
from simgait.tracking.policies import Policy
from simgait.types import Rollout, Trial


@dataclass(frozen=True, repr=False)
class WalkResult:
    """Gait of one straight walk, read from the simulated body.

    Every table is made anew when asked for: change it as you like.

    Attributes:
        walk: all that the stages made of it (trial, body, rollout, gait), for those who want more.
        policy: that drove the body.
        number, of: this walk's place among the straight walks of its recording, from 1; how many
            there are.
    """

    walk: AnalysedWalk
    policy: Policy
    number: int = 1
    of: int = 1

    @property
    def trial_id(self) -> str:
        """Name of the walk: that of the file, with `_bout2` where it holds several."""
        return self.trial.trial_id

    @property
    def trial(self) -> Trial:
        """The recorded walk as it was prepared: 30 Hz, heading frame, metres."""
        return self.walk.tracked.trial

    @property
    def rollout(self) -> Rollout:
        """The simulated body through the walk: poses, keypoints, forces, torques."""
        return self.walk.tracked.rollout

    @property
    def gait(self) -> GaitResult:
        """Gait with every single value, the definitions and the cross-checks."""
        return self.walk.gait

    @property
    def verdict(self) -> Verdict:
        """What may be used: `.level` (use_all, use_some, use_none), `.numbers`, `.reasons`."""
        return self.walk.verdict

    @property
    def definitions(self) -> dict[str, str]:
        """Parameter -> how it is defined, one sentence."""
        return dict(self.gait.definitions)

    @property
    def parameters(self) -> pd.DataFrame:
        """Means of the walk: rows "left", "right" and "both"; three columns for each parameter.

        `parameters.loc["both", "velocity_mps"]`, and the ends of its 90 % interval in
        "velocity_mps_lo" and "velocity_mps_hi". Step length is named by the leading foot. NaN
        where a parameter is not defined for that side or could not be measured, or where nobody
        measured how far off it may be (another policy than the released one).
        """
        means: dict[str, dict[str, float]] = {}
        for name, sides in self.gait.parameters.items():
            low, high = interval_columns(name)
            means[name] = {side: statistic.mean for side, statistic in sides.items()}
            means[low] = {side: self.gait.interval(name, side)[0] for side in sides}
            means[high] = {side: self.gait.interval(name, side)[1] for side in sides}
        return pd.DataFrame(means, index=pd.Index([*SIDES, "both"], name="side"), dtype=float)

    @property
    def statistics(self) -> pd.DataFrame:
        """One row per parameter and side, in the parameter's unit.

        mean, lo and hi (ends of its 90 % interval), sd, n (values), low and high (of them), level
        ("use", "rough", "single", "do_not_use"; "" where nothing was measured).
        """
        rows = [
            (name, side, statistic.mean, *self.gait.interval(name, side), statistic.sd,
             statistic.n, statistic.low, statistic.high,
             self.verdict.number_level(name, side) or "")
            for name, sides in self.gait.parameters.items()
            for side, statistic in sides.items()
        ]  # fmt: skip
        columns = ["parameter", "side", "mean", "lo", "hi", "sd", "n", "low", "high", "level"]
        return pd.DataFrame(rows, columns=columns)

    @property
    def opinions(self) -> pd.DataFrame:
        """What companions say of the walk, a row for each number and each point of a curve.

        companion, quantity, side, percent (of curves), value, low, high (ends of the 90 %
        interval, NaN where none is known), made_by.

        Raises:
            InputError: they were not asked; track with `opinions=True`.
        """
        says = self.walk.opinions
        if says is None:
            raise InputError(f"{self.trial_id}: no companion was asked; track with opinions=True.")
        rows = [
            row
            for one in says
            if one.opinion is not None
            for row in opinion_rows(one.name, one.opinion)
        ]
        table = pd.DataFrame(rows, columns=list(HEADER))
        numbers = ["percent", "value", "low", "high"]
        return table.assign(**{name: pd.to_numeric(table[name]) for name in numbers})

    @property
    def twin(self) -> TwinWalk:
        """What became of its normative twin in the physics: `.is_walking`, `.reasons`, `.body`.

        Raises:
            InputError: nobody asked; track with `twin=True`.
        """
        if self.walk.twin is None:
            raise InputError(f"{self.trial_id}: has no twin; track with twin=True.")
        return self.walk.twin

    @property
    def curves(self) -> pd.DataFrame:
        """Joint angles and vertical force over the gait cycle of the same side.

        Index (side, cycle from 1, percent 0 to 100); clinical signs (Plug-in Gait), degrees;
        `vertical_force_percent_bw` in % of body weight.
        `mean_curves` has their means, with 90 % intervals.
        """
        return pd.concat([self._side_curves(side) for side in SIDES])

    @property
    def mean_curves(self) -> pd.DataFrame:
        """Mean joint angles over the gait cycle, each with the band that holds the truth.

        Index (side, percent 0 to 100); degrees. "knee_flexion_deg" has the mean over the cycles,
        "knee_flexion_deg_lo" and "..._hi" the ends of its 90 % interval at each percent; NaN where
        a side has no cycle or nobody measured how far off it may be.
        """
        return pd.concat([self._mean_curves(side) for side in SIDES])

    def _mean_curves(self, side: Side) -> pd.DataFrame:
        columns: dict[str, np.ndarray] = {}
        keys = [curve.key for curve in CURVES]
        known = self.gait.mean_curves(side, keys)
        for key in keys:
            mean, half = known.get(key, (np.full(101, np.nan), np.nan))
            low, high = interval_columns(key)
            columns |= {key: mean, low: mean - half, high: mean + half}
        percent = pd.MultiIndex.from_product([[side], range(101)], names=["side", "percent"])
        return pd.DataFrame(columns, index=percent)

    def _side_curves(self, side: Side) -> pd.DataFrame:
        columns = {curve.key: self.gait.curves_deg[curve.of_side(side)] for curve in CURVES}
        columns["vertical_force_percent_bw"] = self.gait.vertical_force_percent_bw[side]
        n_cycles, n_points = columns["vertical_force_percent_bw"].shape
        index = pd.MultiIndex.from_product(
            [[side], range(1, n_cycles + 1), range(n_points)], names=["side", "cycle", "percent"]
        )
        return pd.DataFrame({name: rows.ravel() for name, rows in columns.items()}, index=index)

    @property
    def scores(self) -> pd.DataFrame:
        """How each gait cycle scores against healthy people; no rows without a reference.

        Index (side, cycle from 1); gdi_points (Gait Deviation Index), gps_deg (Gait Profile Score
        of that side), one column for each angle's Gait Variable Score ("knee_flexion_gvs_deg"), and
        the name of the reference. `parameters` has the means, "both" that of the person.
        """
        found = self.gait.scores
        if found is None:
            return pd.DataFrame(columns=["gdi_points", "gps_deg"])
        parts = []
        for side, own in found.sides.items():
            columns = [f"{name}_gvs_deg" for name in found.angles]
            cycles = range(1, len(own.gps_deg) + 1)
            index = pd.MultiIndex.from_product([[side], cycles], names=["side", "cycle"])
            part = pd.DataFrame(own.variable_scores_deg, index=index, columns=columns)
            part.insert(0, "gdi_points", own.gdi_points)
            part.insert(1, "gps_deg", own.gps_deg)
            parts.append(part.assign(reference=found.reference))
        return pd.concat(parts)

    @property
    def events(self) -> pd.DataFrame:
        """Foot events by contact force, in order of time.

        `time_s` counts from the start of the walk, `recording_time_s` is the recording's own;
        side; event ("initial_contact", "foot_off"); `time_s_lo` and `time_s_hi` are the ends of the
        90 % interval of `time_s`, NaN where nobody measured how far off it may be.
        """
        rows = [
            (event.time_s, event.time_s + self.trial.start_s, event.side, event.kind,
             *self.gait.event_interval(event))
            for event in self.gait.events
        ]  # fmt: skip
        columns = ["time_s", "recording_time_s", "side", "event", *interval_columns("time_s")]
        return pd.DataFrame(rows, columns=columns)

    def report(self, folder: str | PathLike[str], *, overwrite: bool = False) -> Path:
        """Writes page, tables, motion files, provenance and record, as `simgait track` does.

        `simgait compare` and `simgait export` know folders of them by that record (walk.json).

        Args:
            folder: made if it does not exist.
            overwrite: write into a folder that holds something already.

        Returns:
            Path of report.html.

        Raises:
            InputError: the folder cannot be written to, or holds something already.
        """
        out = Path(folder)
        if not overwrite and out.is_dir() and any(out.iterdir()):
            raise InputError(
                f"{out.name}: the folder holds something already; give overwrite=True to write "
                "into it, or another folder."
            )
        prepared = self.walk.prepared
        record = finished_record(
            done(prepared.source.file, out.resolve().name, self.walk), prepared.source.sha256,
            (self.number, self.of), request_facts(self.policy, prepared.options),
        )  # fmt: skip
        paths = write_finished(out, self.walk, self.policy, record)
        return next(path for path in paths if path.suffix == ".html")

    def __repr__(self) -> str:
        """Name, verdict, speed and cadence."""
        means = self.parameters.loc["both"]
        return (
            f"<WalkResult {self.trial_id}: {self.verdict.title}, "
            f"{means['velocity_mps']:.2f} m/s, {means['cadence_spm']:.0f} steps/min>"
        )


def results_of(walks: Sequence[AnalysedWalk], policy: Policy) -> list[WalkResult]:
    """A result for each walk; those of one recording lie behind each other, in order of time."""
    recordings = [walk.prepared.source.sha256 for walk in walks]
    return [
        WalkResult(walk, policy, 1 + recordings[:i].count(own), recordings.count(own))
        for i, (walk, own) in enumerate(zip(walks, recordings, strict=True))
    ]


@dataclass(frozen=True)
class VisitResult:
    """Walks of one person before one camera, tracked in the light of all.

    Attributes:
        walks: in the order of the recordings, those of each in order of time.
        failures: one sentence for each recording that could not be used, its name first.
    """

    walks: tuple[WalkResult, ...]
    failures: tuple[str, ...] = ()
