"""`simgait scorecard`: a policy against every bar of the project's main job."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from simgait.benchmark.scorecard_since import Rowed, read_rows, since, since_text
from simgait.commands import options
from simgait.commands.progress import Progress
from simgait.commands.run_facts import RunFacts, run_facts
from simgait.errors import InputError

if TYPE_CHECKING:
    from simgait.baselines.tracker import Tracker
    from simgait.benchmark.scorecard_page import Run
    from simgait.benchmark.scorecard_rows import Row
    from simgait.tracking.policies import Policy

REPOSITORY = Path(__file__).resolve().parents[2]
"""The clone that simgait runs from; its docs hold the page, and `make demo` is timed in a copy."""
PAGE = Path("docs") / "scorecard.md"
GATE_STAGES = 4
"""Making and tracking the walks of unseen people, and of the others."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "scorecard",
        help="score a policy against the project's bars",
        description="Prints every bar of the project's main job: name, value, unit, bar, met, n. "
        "Exit code 0 whether or not bars are met; 1 where the scorecard could not be made.",
    )
    _add_measuring(parser)
    _add_since(parser)
    parser.set_defaults(run=run)


def _add_measuring(parser: argparse.ArgumentParser) -> None:
    """Options of what is measured, which --page leaves nothing to do."""
    parser.add_argument(
        "--quick",
        action="store_true",
        help="fewer synthetic walkers, nothing else reduced; within 10 minutes on 2 cores",
    )
    _add_scored(parser)
    parser.add_argument("--json", metavar="FILE", help="write the rows as JSON; - = to stdout")
    parser.add_argument("--write-docs", action="store_true", help=f"write {PAGE.as_posix()}")
    parser.add_argument("--reference", action="store_true", help="score the refined fit as well")
    parser.add_argument(
        "--demo",
        action=argparse.BooleanOptionalAction,
        help="time make demo in a clean clone (needs the network; default: not with --quick)",
    )
    parser.add_argument(
        "--gate",
        action="store_true",
        help="only the gate of a release: speed of people whom nothing was trained on, through "
        "every synthetic detector; some minutes",
    )
    bench = parser.add_mutually_exclusive_group()
    bench.add_argument(
        "--bench-v2",
        action="store_true",
        help="only bench-v2: synthetic test walkers, and garbage, through every synthetic detector",
    )
    bench.add_argument("--no-bench-v2", action="store_true", help="leave bench-v2 out")
    parser.add_argument(
        "--visits",
        action="store_true",
        help="only what walks gain from the others of their visit, without physics: people whom "
        "nothing was trained on, and training people",
    )
    parser.add_argument(
        "--intervals",
        metavar="RUN",
        help="only how often 90 %% intervals hold for people whom nothing was made from; their "
        "tracked walks are kept in this folder, as simgait policy intervals keeps them",
    )
    parser.add_argument("--no-speed", action="store_true", help="leave the speed rows out")
    parser.add_argument(
        "--walkers", type=int, metavar="N", help="another number of synthetic walkers"
    )


def _add_scored(parser: argparse.ArgumentParser) -> None:
    """Who is scored, and whose recordings by."""
    options.add_policy_option(parser)
    parser.add_argument(
        "--refiner",
        metavar="FILE",
        help="the policy follows this refiner instead of its own: weights that simgait train "
        "refiner made",
    )
    parser.add_argument(
        "--data",
        metavar="DIR",
        help="folder of real recordings (default: $SIMGAIT_DATA, else ../shared/data)",
    )


def _add_since(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--since",
        metavar="FILE",
        help="say as well which errors are larger by more than a tenth, and which slopes further "
        "from 1, than in this earlier scorecard: a page, or rows as --json wrote them",
    )
    parser.add_argument(
        "--page",
        metavar="FILE",
        help="with --since: compare this scorecard (a page, or rows) and measure nothing",
    )


def run(arguments: argparse.Namespace) -> int:
    """Score, print, write.

    Raises:
        InputError: data or policy are absent, there is no clone to write into, or what is to be
            compared is no scorecard.
    """
    refuse_contradictions(arguments)
    earlier = read_rows(Path(arguments.since)) if arguments.since else []
    if arguments.page:
        tell_since(earlier, read_rows(Path(arguments.page)), arguments.since)
        return 0
    data_dir = check(arguments)
    print("scorecard: loading ...", file=sys.stderr, flush=True)
    from simgait.jax_setup import configure_jax

    configure_jax()  # before the first import of MJX, which it keeps quiet
    from simgait.benchmark import scorecard_page as pages
    from simgait.benchmark.policy_tracker import policy_tracker
    from simgait.benchmark.scorecard import FULL_WALKERS, QUICK_WALKERS
    from simgait.files import write_whole

    policy = _chosen_policy(arguments)
    tracker = policy_tracker("simgait", policy, policy.config.name)
    if arguments.gate or arguments.visits or arguments.intervals or arguments.bench_v2:
        rows = _print_one(arguments, policy, tracker, data_dir)
        tell_since(earlier, rows, arguments.since)
        return 0
    walkers = arguments.walkers or (QUICK_WALKERS if arguments.quick else FULL_WALKERS)
    scored = _score(arguments, policy, tracker, data_dir, walkers)
    show(scored.rows, arguments.json, pages.rows_text(scored.rows))
    tell_since(earlier, scored.rows, arguments.since)
    if arguments.write_docs:
        head = page_head(arguments, policy, walkers, scored.facts)
        text = pages.page(head, scored.rows, scored.sections, scored.exclusions)
        write_whole(REPOSITORY / PAGE, text)
    return 0


def _chosen_policy(arguments: argparse.Namespace) -> Policy:
    """The policy that is scored; with another refiner it is no longer the one of its hash."""
    policy, _ = options.load_chosen_policy(arguments.policy)
    if not arguments.refiner:
        return policy
    from simgait.tracking.policies import load_refiner

    refiner = load_refiner(Path(arguments.refiner), policy.config.tracking.body.skeleton)
    return replace(policy, refiner=refiner, sha256="")


@dataclass(frozen=True)
class _Scored:
    """What a whole run has to tell; `facts` of when the walks had been tracked."""

    rows: list[Row]
    sections: list[tuple[str, str]]
    exclusions: str
    facts: RunFacts


def _score(
    arguments: argparse.Namespace, policy: Policy, tracker: Tracker, data_dir: Path, walkers: int
) -> _Scored:
    """All parts of the scorecard that were not left out, one after the other."""
    from simgait.benchmark.gate import run_gate
    from simgait.benchmark.gate_cases import gate_sets
    from simgait.benchmark.interval_coverage import coverage_rows, coverage_table
    from simgait.benchmark.interval_release import judged_intervals
    from simgait.benchmark.scorecard import SET_NAMES, make_scorecard, offered_sets
    from simgait.benchmark.second_bench import STAGES, run_second_bench
    from simgait.benchmark.speed import demo_rows, speed_rows
    from simgait.certainty.widths import released_widths

    demo = not arguments.quick if arguments.demo is None else arguments.demo
    judged = policy.sha256 == released_widths().policy_sha256
    n_bench = 0 if arguments.no_bench_v2 else STAGES
    n_stages = 2 * len(SET_NAMES) + GATE_STAGES + n_bench + judged + demo
    n_stages += not arguments.no_speed
    with Progress(n_stages, "stage", stdout_is_data=True) as progress:
        tell = progress.stage
        offered = offered_sets(data_dir, walkers, tell=tell)
        scorecard = make_scorecard(tracker, offered, reference=arguments.reference, tell=tell)
        gate = run_gate(tracker, gate_sets(data_dir, tell), tell)
        rows, sections = scorecard.rows() + gate.rows(), scorecard.sections() + gate.sections()
        if n_bench:
            bench = run_second_bench(tracker, bench_walkers(arguments), tell)
            rows, sections = rows + bench.rows(), sections + bench.sections()
        facts = run_facts()
        if judged:
            tell("90 % intervals, of people whom nothing was made from")
            held = judged_intervals(policy, data_dir, None)
            rows += coverage_rows(held)
            sections.append(("Intervals", coverage_table(held)))
        if not arguments.no_speed:
            tell("timing one walk and many")
            rows += speed_rows(policy)
        if demo:
            tell("make demo in a clean clone, twice")
            rows += demo_rows(REPOSITORY)
    return _Scored(rows, sections, scorecard.exclusions(), facts)


def _print_one(
    arguments: argparse.Namespace, policy: Policy, tracker: Tracker, data_dir: Path
) -> list[Row]:
    """The one part of the scorecard that is asked for, and its rows."""
    if arguments.gate:
        return print_gate(tracker, data_dir, arguments.json)
    if arguments.bench_v2:
        return print_bench(tracker, bench_walkers(arguments), arguments.json)
    if arguments.visits:
        print_visits(policy, data_dir)
        return []
    return print_intervals(policy, data_dir, Path(arguments.intervals), arguments.json)


def print_gate(tracker: Tracker, data_dir: Path, listed_in: str | None) -> list[Row]:
    """The gate alone: its tables, and its bars."""
    from simgait.benchmark.gate import run_gate
    from simgait.benchmark.gate_cases import gate_sets
    from simgait.benchmark.scorecard_page import rows_text

    with Progress(GATE_STAGES, "stage", stdout_is_data=True) as progress:
        gate = run_gate(tracker, gate_sets(data_dir, progress.stage), progress.stage)
    rows = gate.rows()
    told = "\n\n".join(f"{heading}\n\n{text}" for heading, text in gate.sections())
    show(rows, listed_in, f"{told}\n\n{rows_text(rows)}")
    return rows


def bench_walkers(arguments: argparse.Namespace) -> int:
    """How many walkers bench-v2 has: those asked for, at most its own number."""
    from simgait.benchmark.second_bench import QUICK_WALKERS
    from simgait.benchmark.walker_cases import N_WALKERS

    most = QUICK_WALKERS if arguments.quick else N_WALKERS
    return min(most, arguments.walkers or most)


def print_bench(tracker: Tracker, count: int, listed_in: str | None) -> list[Row]:
    """bench-v2 alone: its tables, and its bars."""
    from simgait.benchmark.scorecard_page import rows_text
    from simgait.benchmark.second_bench import STAGES, run_second_bench

    with Progress(STAGES, "stage", stdout_is_data=True) as progress:
        bench = run_second_bench(tracker, count, progress.stage)
    rows = bench.rows()
    told = "\n\n".join(f"{heading}\n\n{text}" for heading, text in bench.sections())
    show(rows, listed_in, f"{told}\n\n{rows_text(rows)}")
    return rows


def print_visits(policy: Policy, data_dir: Path) -> None:
    """What walks gain from the others of their visit: a table for each group of people."""
    from simgait.benchmark.gate_cases import TRAINED_ON, UNSEEN
    from simgait.benchmark.visits import CONDITIONS, seen_walks, visit_lines, visit_table

    with Progress(2 * (1 + len(CONDITIONS)), "stage", stdout_is_data=True) as progress:
        for people, unseen in ((UNSEEN, True), (TRAINED_ON, False)):
            progress.stage(f"making walks of {people}")
            walks = seen_walks(data_dir, unseen=unseen)
            lines = visit_lines(walks, policy.refiner, progress.stage)
            print(f"{people}\n\n{visit_table(lines)}\n")


def print_intervals(policy: Policy, data_dir: Path, out: Path, listed_in: str | None) -> list[Row]:
    """The intervals alone: how often they hold and how wide they are, and their bars."""
    from simgait.benchmark.interval_coverage import coverage_rows, coverage_table
    from simgait.benchmark.interval_release import WALKS, judged_intervals
    from simgait.benchmark.scorecard_page import rows_text

    def tell(text: str) -> None:
        print(f"intervals: {text} ...", file=sys.stderr, flush=True)

    held = judged_intervals(policy, data_dir, out / WALKS, tell)
    rows = coverage_rows(held)
    show(rows, listed_in, f"{coverage_table(held)}\n\n{rows_text(rows)}")
    return rows


def show(rows: list[Row], listed_in: str | None, text: str) -> None:
    """Prints a text and writes the rows as JSON into a file, or prints these alone ("-")."""
    from simgait.files import write_whole

    listed = json.dumps([row.as_json() for row in rows], indent=1, ensure_ascii=False)
    if listed_in == "-":
        print(listed)
        return
    print(text)
    if listed_in:
        write_whole(Path(listed_in), listed + "\n")


def tell_since(earlier: Sequence[Rowed], rows: Sequence[Rowed], called: str | None) -> None:
    """Prints what got worse since an earlier scorecard, where one was given."""
    if called:
        print(since_text(since(earlier, rows), Path(called).name))


def _measuring_given(arguments: argparse.Namespace) -> list[str]:
    """Options of what is measured that were given, as they are written."""
    parser = argparse.ArgumentParser(add_help=False)
    _add_measuring(parser)
    defaults = vars(parser.parse_args([]))
    given = {name: getattr(arguments, name) for name in defaults}
    return [
        f"--{'no-' if value is False else ''}{name.replace('_', '-')}"
        for name, value in given.items()
        if value != defaults[name]
    ]


def refuse_contradictions(arguments: argparse.Namespace) -> None:
    """Refuses options that have nothing to say beside --page, or to --since.

    Raises:
        InputError: such options, named.
    """
    if arguments.page and not arguments.since:
        raise InputError("--page measures nothing; say with --since what to compare it with.")
    if arguments.page and (idle := ", ".join(_measuring_given(arguments))):
        raise InputError(f"--page measures nothing; leave {idle} out, or leave --page out.")
    if arguments.refiner and (arguments.write_docs or arguments.intervals):
        other = "--write-docs" if arguments.write_docs else "--intervals"
        raise InputError(
            f"--refiner makes another policy of the one that is released; leave {other} out."
        )
    if arguments.since and arguments.visits:
        raise InputError("--visits has no rows that --since could compare; leave one of them out.")
    if arguments.since and arguments.json == "-":
        raise InputError(
            "--json - prints rows and nothing else; name a file for them, or leave --since out."
        )


def check(arguments: argparse.Namespace) -> Path:
    """Refuses what cannot work before hours are spent; returns the folder of real recordings.

    Raises:
        InputError: see `run`.
    """
    if arguments.walkers is not None and arguments.walkers < 1:
        raise InputError(f"--walkers is {arguments.walkers}; give 1 or more.")
    if arguments.write_docs and not (REPOSITORY / PAGE.parent).is_dir():
        raise InputError(
            "This installation has no docs folder; run --write-docs from a clone of simgait."
        )
    found = options.recordings_dir(arguments.data)
    beside = REPOSITORY.parent / "shared" / "data"
    if found is None and beside.is_dir():
        return beside
    if found is None:
        raise InputError("The real recordings were not found; name their folder with --data.")
    return found


def page_head(arguments: argparse.Namespace, policy: Policy, walkers: int, facts: RunFacts) -> Run:
    """What the page says about this run."""
    from simgait.benchmark.scorecard import FULL_WALKERS
    from simgait.benchmark.scorecard_page import Run

    folder = arguments.policy or os.environ.get("SIMGAIT_POLICY") or "default"
    fewer = walkers != FULL_WALKERS
    return Run(
        command=facts.command,
        date_utc=facts.date_utc,
        commit=facts.commit,
        cores=facts.cores,
        platform=f"{facts.system}, Python {facts.python}",
        policy_name=f"`{policy.config.name}` from folder `{Path(folder).resolve().name}`",
        policy_sha256=policy.sha256,
        load="" if arguments.no_speed else f", load {facts.load} when the speed rows began",
        reduced=f"{walkers} synthetic walkers instead of {FULL_WALKERS}." if fewer else "",
    )
