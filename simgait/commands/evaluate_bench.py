"""`simgait evaluate --bench`: trackers side by side on simgait-bench-v1."""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simgait.commands import options
from simgait.recording.types import InputError

if TYPE_CHECKING:
    from simgait.companions.estimate import Tracker
    from simgait.evaluation.run import BenchResult

TRACKERS = ("simgait", "gait-transformer", "kinematics", "raw-keypoints")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what the benchmark alone understands."""
    bench = parser.add_argument_group("the benchmark")
    bench.add_argument(
        "--bench", action="store_true", help="run trackers on simgait-bench-v1 instead of tables"
    )
    bench.add_argument(
        "--trackers",
        nargs="+",
        default=list(TRACKERS),
        choices=TRACKERS,
        metavar="NAME",
        help=f"which, the one to report on first (default: {' '.join(TRACKERS)})",
    )
    bench.add_argument(
        "--walkers",
        type=int,
        metavar="N",
        help="synthetic people of each of the eight patterns (default: 6); another number is "
        "another benchmark, and the report says so",
    )
    bench.add_argument(
        "--data",
        metavar="DIR",
        help="the shared recordings (default: $SIMGAIT_DATA; without them only synthetic walks)",
    )
    options.add_policy_option(bench)
    bench.add_argument(
        "--beside",
        nargs="+",
        default=[],
        metavar="NAME=FOLDER",
        help="further trained policies to run beside, each with a name for the tables",
    )


def run(arguments: argparse.Namespace) -> int:
    """Build the walks, run the trackers, write the report, print one table.

    Raises:
        InputError: a folder is missing, or the output folder holds something else.
    """
    from simgait.commands.evaluate import refuse_other_results
    from simgait.evaluation.bench import (
        BENCH_VERSION,
        WALKERS_PER_PATTERN,
        real_bench,
        refuse_known_people,
        synthetic_bench,
    )
    from simgait.evaluation.report import bench_report
    from simgait.evaluation.run import run_bench
    from simgait.jax_setup import configure_jax
    from simgait.provenance import collect_provenance
    from simgait.report.agreement_files import PAGE, write_agreement_report

    configure_jax()
    out = Path(arguments.out)
    refuse_other_results(out)
    walkers = WALKERS_PER_PATTERN if arguments.walkers is None else arguments.walkers
    if walkers < 1:
        raise InputError(f"--walkers {walkers}: give at least 1 person of each pattern.")
    trackers, facts = chosen_trackers(arguments)
    started = time.monotonic()
    print(f"{BENCH_VERSION}: making walks")
    sets = [synthetic_bench(walkers)]
    given = arguments.data or os.environ.get("SIMGAIT_DATA")
    if given:
        sets.append(real_bench(Path(given)))
    else:
        print("note: no --data: the real test subjects are left out")
    cases = [case for one in sets for case in one.cases]
    excluded = [walk for one in sets for walk in one.excluded]
    refuse_known_people(cases)
    result = run_bench(trackers, cases, excluded, log=print)
    facts |= {
        "benchmark": BENCH_VERSION,
        "walkers_per_pattern": walkers,
        "real_people": bool(given),
        "wall_s": round(time.monotonic() - started, 1),
    }
    report = bench_report(result, collect_provenance(facts))
    write_agreement_report(out, report)
    print_table(result)
    print(f"The report is {out / PAGE}")
    return 0


def chosen_trackers(arguments: argparse.Namespace) -> tuple[dict[str, Tracker], dict[str, Any]]:
    """The trackers in the order asked for, and what the provenance says about them.

    Raises:
        InputError: a policy or its weights cannot be found.
    """
    from simgait.companions.gait_transformer.tracker import gait_transformer_tracker
    from simgait.companions.kinematics import kinematics_tracker
    from simgait.companions.raw_keypoints import raw_keypoints_tracker
    from simgait.evaluation.run import policy_tracker

    trackers: dict[str, Tracker] = {}
    facts: dict[str, Any] = {"trackers": list(arguments.trackers)}
    for name in arguments.trackers:
        if name == "simgait":
            policy, called = options.load_chosen_policy(arguments.policy)
            facts |= {"policy": called, "policy_sha256": policy.sha256}
            trackers[name] = policy_tracker(policy)
        elif name == "gait-transformer":
            trackers[name] = gait_transformer_tracker()
        elif name == "kinematics":
            trackers[name] = kinematics_tracker()
        else:
            trackers[name] = raw_keypoints_tracker()
    for pair in arguments.beside:
        name, equals, folder = pair.partition("=")
        if not equals or not name or name in trackers:
            raise InputError(
                f"--beside {name}: give NAME=FOLDER, with a name that no other tracker has."
            )
        policy, _ = options.load_chosen_policy(folder)
        facts[f"{name}_sha256"] = policy.sha256
        trackers[name] = policy_tracker(policy)
    return trackers, facts


def print_table(result: BenchResult) -> None:
    """One table for the screen: every tracker on monocular-v1 and on exact keypoints."""
    from simgait.evaluation.tables import numbers_of

    columns = (
        "walks", "failed %", "velocity n", "velocity σ", "velocity RMSE", "step length σ",
        "step length RMSE", "step width σ", "hip RMSE °", "knee RMSE °", "ankle RMSE °",
        "IC MAE ms", "FO MAE ms", "worst |v - step length × cadence| %", "vertical force RMSE % BW",
    )  # fmt: skip
    for keypoints in ("monocular-v1", "exact"):
        rows = {name: numbers_of(result.of(name, keypoints=keypoints)) for name in result.trackers}
        print(f"\n{keypoints}")
        print(" " * 38 + "".join(f"{name:>18}" for name in rows))
        for column in columns:
            cells = "".join(f"{numbers[column]:>18.4g}" for numbers in rows.values())
            print(f"{column:<38}{cells}")
    share = f"{len(result.excluded)} of {result.n_offered}"
    print(f"\nexcluded: {share} walks offered; the report says why")
