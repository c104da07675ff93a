"""How fast trials are tracked and reported, and how long the demo takes."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from simgait.benchmark.cases import synthetic_case
from simgait.benchmark.scorecard_rows import Row
from simgait.benchmark.timings import timings_s
from simgait.gait.analyse import analyse_rollout
from simgait.provenance import collect_provenance
from simgait.report.trial.report import write_trial_report
from simgait.tracking.policies import Policy
from simgait.tracking.track import track_trials

TRIAL_S = 10.0
BATCH = 64
REPEATS = 3
"""Chosen: a walk of usual length, a visit's worth of walks at once, and the median of three."""
TOGETHER_BARS = {"": 150.0, " (true on real detectors)": 100.0}
"""Times real time of many walks together: the first scorecard's bar, and that of the issue "True on
real detectors", which asked it of a heavier refiner. Both stand."""


def timed_s(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Median wall time (s) of `repeats` calls after one that is not counted."""
    work()
    return median(timings_s(work, repeats))


def speed_rows(policy: Policy, *, batch: int = BATCH, trial_s: float = TRIAL_S) -> list[Row]:
    """Tracking end to end (prepared trial to rollout: measure, fit, refine, track), and report."""
    trials = [synthetic_case(index, "monocular", trial_s).trial for index in range(batch)]
    seconds = [float(trial.time_s[-1]) for trial in trials]
    one = timed_s(lambda: track_trials(policy, trials[:1]))
    many = timed_s(lambda: track_trials(policy, trials))
    tracked = track_trials(policy, trials[:1])[0]
    provenance = collect_provenance(policy.config.model_dump(), policy_sha256=policy.sha256)

    def report() -> None:
        with tempfile.TemporaryDirectory() as folder:
            write_trial_report(
                folder,
                trial=tracked.trial,
                rollout=tracked.rollout,
                result=analyse_rollout(tracked.rollout),
                quality=None,
                provenance=provenance,
            )

    unit = "× real time (at least)"
    return [
        Row("one 10 s trial", seconds[0] / one, unit, REPEATS, 10.0, "at_least"),
        *(
            Row(f"{batch} trials of 10 s together{asked}", sum(seconds) / many, unit, REPEATS, bar,
                "at_least")
            for asked, bar in TOGETHER_BARS.items()
        ),
        Row("one 10 s trial, wall time", one, "s", REPEATS),
        Row("gait analysis and report of one 10 s trial", timed_s(report), "s", REPEATS),
    ]  # fmt: skip


def demo_rows(repository: Path) -> list[Row]:
    """`make demo` in a clean clone without compiled programs, twice; a failure has no time."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "simgait"
        subprocess.run(["git", "clone", "--quiet", str(repository), str(clone)], check=True)
        environment = os.environ | {"SIMGAIT_CACHE_DIR": str(Path(folder) / "cache")}
        # The caller's own virtual environment must not lend the clone its packages.
        environment = {
            k: v for k, v in environment.items() if k not in ("VIRTUAL_ENV", "PYTHONPATH")
        }
        for name, bar in (("first", None), ("second", 60.0)):
            start = time.perf_counter()
            done = subprocess.run(
                ["make", "demo"], cwd=clone, env=environment, capture_output=True, check=False
            )
            seconds = time.perf_counter() - start if done.returncode == 0 else float("nan")
            works = float(done.returncode == 0)
            rows.append(
                Row(f"make demo works, {name} time", works, "1 = yes (at least)", 1, 1.0,
                    "at_least")
            )  # fmt: skip
            rows.append(Row(f"make demo, {name} time", seconds, "s", 1, bar))
    return rows
