"""Prints every bar of the project's main job: name, value, unit, bar, met, n.

    python scripts/scorecard.py [--quick] [--policy DIR] [--json FILE|-] [--write-docs] ...

Exit code 0 whether or not bars are met; 1 where the scorecard itself could not be made.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from simgait.benchmark import scorecard_page as pages
from simgait.benchmark.policy_tracker import policy_tracker
from simgait.benchmark.scorecard import (
    FULL_WALKERS,
    QUICK_WALKERS,
    make_scorecard,
    offered_sets,
)
from simgait.benchmark.speed import demo_rows, speed_rows
from simgait.errors import InputError
from simgait.jax_setup import configure_jax
from simgait.learning.checkpoints import Policy, load_policy
from simgait.provenance import git_commit
from simgait.resources import resource_dir

ROOT = Path(__file__).resolve().parents[1]


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Scores a policy against the project's bars.")
    parser.add_argument(
        "--quick",
        action="store_true",
        help=f"{QUICK_WALKERS} synthetic walkers instead of {FULL_WALKERS}, nothing else reduced; "
        "within 10 minutes on 2 cores",
    )
    parser.add_argument("--policy", type=Path, help="policy folder; default: policies/default")
    parser.add_argument(
        "--data",
        type=Path,
        default=Path(os.environ.get("SIMGAIT_DATA", ROOT.parent / "shared" / "data")),
        help="folder of real recordings; default: $SIMGAIT_DATA or ../shared/data",
    )
    parser.add_argument("--json", metavar="FILE", help="write the rows as JSON; - = to stdout")
    parser.add_argument("--write-docs", action="store_true", help="write docs/scorecard.md")
    parser.add_argument("--reference", action="store_true", help="score the refined fit as well")
    parser.add_argument(
        "--demo",
        action=argparse.BooleanOptionalAction,
        help="time make demo in a clean clone (needs the network; default: not with --quick)",
    )
    parser.add_argument("--no-speed", action="store_true", help="leave the speed rows out")
    parser.add_argument("--walkers", type=int, help="another number of synthetic walkers")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Score, print, write."""
    options = parse(arguments)
    configure_jax()
    try:
        score(options)
    except InputError as error:
        print(str(error), file=sys.stderr)
        return 1
    return 0


def score(options: argparse.Namespace) -> None:
    """Everything the options ask for; raises InputError where data or policy are absent."""
    started = time.perf_counter()

    def tell(text: str) -> None:
        print(f"{time.perf_counter() - started:6.0f} s  {text}", file=sys.stderr, flush=True)

    if not options.data.is_dir():
        raise InputError("The real recordings were not found; name their folder with --data.")
    folder = options.policy or resource_dir("policies") / "default"
    policy = load_policy(folder)
    walkers = options.walkers or (QUICK_WALKERS if options.quick else FULL_WALKERS)
    tracker = policy_tracker("simgait", policy, policy.config.name)
    offered = offered_sets(options.data, walkers)
    scorecard = make_scorecard(tracker, offered, reference=options.reference, tell=tell)
    rows = scorecard.rows()
    load = os.getloadavg()[0]
    if not options.no_speed:
        tell("speed")
        rows += speed_rows(policy)
    if not options.quick if options.demo is None else options.demo:
        tell("make demo in a clean clone, twice")
        rows += demo_rows(ROOT)
    listed = json.dumps([row.as_json() for row in rows], indent=1, ensure_ascii=False)
    if options.json == "-":
        print(listed)
    else:
        print(pages.rows_text(rows))
        if options.json:
            Path(options.json).write_text(listed + "\n", encoding="utf-8")
    if options.write_docs:
        run = facts(options, policy, folder, walkers, load)
        text = pages.page(run, rows, scorecard.sections(), scorecard.exclusions())
        (ROOT / "docs" / "scorecard.md").write_text(text, encoding="utf-8")
    tell("done")


def facts(
    options: argparse.Namespace, policy: Policy, folder: Path, walkers: int, load: float
) -> pages.Run:
    """What the page says about this run; no folder and no machine by name."""
    words = [Path(word).name if "/" in word else word for word in sys.argv[1:]]
    reduced = (
        f"{walkers} synthetic walkers instead of {FULL_WALKERS}."
        if (walkers != FULL_WALKERS)
        else ""
    )
    return pages.Run(
        command=" ".join(["python scripts/scorecard.py", *words]),
        date_utc=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        commit=git_commit(ROOT),
        cores=len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 0,
        platform=f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        policy_name=f"`{policy.config.name}` from folder `{folder.resolve().name}`",
        policy_sha256=policy.sha256,
        load="" if options.no_speed else f", load {load:.1f} when the speed rows began",
        reduced=reduced,
    )


if __name__ == "__main__":
    sys.exit(main())
