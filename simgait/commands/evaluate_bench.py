"""`simgait evaluate --bench`: trackers side by side on simgait-bench-v1."""

from __future__ import annotations

import argparse
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simgait.commands import options
from simgait.commands.progress import Progress
from simgait.companions import load_companion, tracking_companions
from simgait.errors import InputError
from simgait.resources import resource_dir

if TYPE_CHECKING:
    from simgait.baselines.tracker import Tracker
    from simgait.benchmark.cases import Case, Excluded
    from simgait.benchmark.pinned_walks import InputCheck
    from simgait.benchmark.score_walks import BenchResult
    from simgait.compare.evidence import ComparisonTable

OWN, PAPER_FINAL = "simgait", "paper-final"
PAPER_FINAL_POLICY = "paper_final"
"""Folder in `policies/` of the paper's own configuration, trained by us."""
SCREEN_COLUMNS = (
    "walks", "failed_percent", "velocity_mps_n", "velocity_mps_sigma", "velocity_mps_rmse",
    "step_length_m_sigma", "step_length_m_rmse", "step_width_m_sigma", "hip_rmse_deg",
    "knee_rmse_deg", "ankle_rmse_deg", "initial_contact_mae_ms", "foot_off_mae_ms",
    "pelvis_worst_percent", "force_rmse_percent_bw",
)  # fmt: skip
"""Keys of the benchmark's columns that the screen shows."""


def tracker_names() -> tuple[str, ...]:
    """Every tracker that has a name: policies, then companions; the default order."""
    return (OWN, PAPER_FINAL, *tracking_companions())


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what the benchmark alone understands."""
    names = tracker_names()
    bench = parser.add_argument_group("the benchmark")
    bench.add_argument(
        "--bench", action="store_true", help="run trackers on simgait-bench-v1 instead of tables"
    )
    bench.add_argument(
        "--trackers",
        nargs="+",
        default=list(names),
        choices=names,
        metavar="NAME",
        help=f"which, the one to report on first (default: {' '.join(names)})",
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
    bench.add_argument(
        "--ablation",
        metavar="FILE",
        help="table.json of simgait ablate, to show as one more table",
    )


def run(arguments: argparse.Namespace) -> int:
    """Build the walks, run the trackers, write the report, print one table.

    Raises:
        InputError: a folder is missing, or the output folder holds something else.
    """
    print("loading the trackers ...", flush=True)
    from simgait.jax_setup import configure_jax

    configure_jax()  # before the first import of MJX, which it keeps quiet
    from simgait.benchmark.ablation_file import read_ablation
    from simgait.benchmark.bench_cases import BENCH_VERSION, WALKERS_PER_PATTERN
    from simgait.benchmark.pinned_walks import check_inputs
    from simgait.benchmark.score_walks import run_bench
    from simgait.benchmark.worst_walks import refuse_foreign_trials
    from simgait.report.agreement.files import PAGE
    from simgait.report.agreement.folder import refuse_other_results
    from simgait.report.browser_pdf import check_browser, print_beside

    check_browser(arguments.pdf)
    out = Path(arguments.out)
    replaced = refuse_other_results(out)
    refuse_foreign_trials(out)
    walkers = WALKERS_PER_PATTERN if arguments.walkers is None else arguments.walkers
    if walkers < 1:
        raise InputError(f"--walkers {walkers}: give at least 1 person of each pattern.")
    ablation = Path(arguments.ablation) if arguments.ablation else None
    more_tables = [read_ablation(ablation)] if ablation else []
    data_dir = options.recordings_dir(arguments.data)
    trackers = chosen_trackers(arguments)
    started = time.monotonic()
    with Progress(2 + len(trackers), "stage") as progress:
        progress.stage(f"{BENCH_VERSION}: making walks")
        cases, excluded = walks_of(walkers, data_dir)
        progress.stage("comparing the walks with those that are pinned")
        inputs = check_inputs(cases, walkers)
        progress.line(inputs.told)
        result = run_bench(trackers, cases, excluded, log=progress.line, tell=progress.stage)
    facts = config_facts(trackers, walkers, inputs, data_dir, ablation)
    facts["wall_s"] = round(time.monotonic() - started, 1)
    said = write_report(out, result, facts, inputs, trackers, more_tables)
    unprinted = print_beside(out / PAGE, wanted=arguments.pdf)
    print_table(result)
    for sentence in said:
        print(sentence)
    for note in (replaced, unprinted):
        if note:
            print(f"note: {note}")
    print(f"The report is {out / PAGE}")
    return 0


def walks_of(walkers: int, data_dir: Path | None) -> tuple[list[Case], list[Excluded]]:
    """Synthetic walks, those of real people where there are recordings, and what was refused.

    Raises:
        SplitError: somebody of them may have been trained on.
    """
    from simgait.benchmark.bench_cases import real_bench, refuse_known_people, synthetic_bench

    sets = [synthetic_bench(walkers)]
    if data_dir is not None:
        sets.append(real_bench(data_dir))
    else:
        print("note: no --data: the real test subjects are left out")
    cases = [case for one in sets for case in one.cases]
    refuse_known_people(cases)
    return cases, [walk for one in sets for walk in one.excluded]


def config_facts(
    trackers: list[Tracker],
    walkers: int,
    inputs: InputCheck,
    data_dir: Path | None,
    ablation: Path | None,
) -> dict[str, Any]:
    """What the provenance says of a run."""
    from simgait.benchmark.bench_cases import BENCH_VERSION
    from simgait.benchmark.pinned_walks import recordings_sha256
    from simgait.provenance import file_sha256

    return {
        "trackers": [dict(one.facts) for one in trackers],
        "benchmark": BENCH_VERSION,
        "walkers_per_pattern": walkers,
        "synthetic_walks": asdict(inputs),
        "real_people": data_dir is not None,
        "real_recordings_sha256": None if data_dir is None else recordings_sha256(data_dir),
        "ablation": ablation and {"file": ablation.name, "sha256": file_sha256(ablation)},
    }


def write_report(
    out: Path,
    result: BenchResult,
    facts: dict[str, Any],
    inputs: InputCheck,
    trackers: list[Tracker],
    more_tables: list[ComparisonTable],
) -> list[str]:
    """Report and trial reports of the largest errors; returns the sentences for the screen."""
    from simgait.benchmark.bench_report import bench_report, shown_worst
    from simgait.benchmark.worst_walks import tracked_walks, trial_pages
    from simgait.provenance import collect_provenance
    from simgait.report.agreement.files import write_agreement_report
    from simgait.report.agreement.parts import part_overviews
    from simgait.report.agreement.wording import overview

    with trial_pages(out, tracked_walks(result, shown_worst(result))) as pages:
        report = bench_report(
            result,
            collect_provenance(facts),
            inputs=inputs,
            pages=pages,
            trackers_told=[one.introduction for one in trackers],
            more_tables=more_tables,
        )
        analysed = write_agreement_report(out, report)
    return [overview(analysed), *part_overviews(analysed)]


def chosen_trackers(arguments: argparse.Namespace) -> list[Tracker]:
    """The trackers in the order asked for, those of --beside last.

    Raises:
        InputError: a name was given twice, or a policy or its weights cannot be found.
    """
    from simgait.benchmark.policy_tracker import policy_tracker

    twice = [name for name, count in Counter(arguments.trackers).items() if count > 1]
    if twice:
        raise InputError(
            f"--trackers names {twice[0]} more than once; name each tracker once, the one to "
            "report on first."
        )
    trusted = arguments.trust_plugins
    chosen = [known_tracker(name, arguments.policy, trusted) for name in arguments.trackers]
    for pair in arguments.beside:
        name, equals, folder = pair.partition("=")
        if not equals or not name or name in {one.name for one in chosen}:
            raise InputError(
                f"--beside {name}: give NAME=FOLDER, with a name that no other tracker has."
            )
        if not folder or not Path(folder).is_dir():
            raise InputError(
                f"--beside {name}: there is no such policy folder; check the path after '='."
            )
        loaded = options.load_chosen_policy(folder, trust_plugins=trusted)
        chosen.append(policy_tracker(name, *loaded))
    return chosen


def known_tracker(name: str, policy: str | None, trust_plugins: bool = False) -> Tracker:
    """One of `tracker_names`; `policy` is the folder for "simgait", None for the released one.

    Raises:
        InputError: a policy or its weights cannot be found.
    """
    from simgait.benchmark.policy_tracker import policy_tracker

    if name == OWN:
        loaded = options.load_chosen_policy(policy, trust_plugins=trust_plugins)
        return policy_tracker(name, *loaded)
    if name == PAPER_FINAL:
        folder = resource_dir("policies") / PAPER_FINAL_POLICY
        if not folder.is_dir():
            raise InputError(
                f"{name}: this installation lacks policies/{PAPER_FINAL_POLICY}; install simgait "
                "again, or name the other trackers with --trackers."
            )
        return policy_tracker(name, *options.load_chosen_policy(str(folder)))
    return load_companion(name).tracks()


def print_table(result: BenchResult) -> None:
    """One table for the screen: every tracker on monocular-v1 and on exact keypoints."""
    from simgait.benchmark.columns import COLUMNS

    for keypoints in ("monocular-v1", "exact"):
        print(f"\n{keypoints}")
        print(" " * 38 + "".join(f"{name:>18}" for name in result.trackers))
        walks = [result.of(name, keypoints=keypoints) for name in result.trackers]
        for column in (COLUMNS[key] for key in SCREEN_COLUMNS):
            cells = "".join(f"{column.value(records):>18.4g}" for records in walks)
            print(f"{column.heading:<38}{cells}")
    share = f"{len(result.excluded)} of {result.n_offered}"
    print(f"\nexcluded: {share} walks offered; the report says why")
