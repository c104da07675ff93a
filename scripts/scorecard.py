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

ROOT = Path(__file__).resolve().parents[1]
QUICK_WALKERS, FULL_WALKERS = 64, 200


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Scores a policy against the project's bars.")
    parser.add_argument("--quick", action="store_true", help="64 walkers; within 10 minutes")
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
    parser.add_argument("--demo", action="store_true", help="time make demo in a clean clone")
    parser.add_argument("--no-speed", action="store_true", help="leave the speed rows out")
    parser.add_argument("--walkers", type=int, help="synthetic walkers; default 200, quick 64")
    return parser.parse_args(arguments)


def say(text: str) -> None:
    """Progress to stderr, so that stdout stays the result."""
    print(text, file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Score, print, write."""
    options = parse(arguments)
    started = time.perf_counter()
    from simgait.jax_setup import configure_jax
    from simgait.recording.types import InputError

    configure_jax()
    try:
        return _run(options, started)
    except InputError as error:
        say(str(error))
        return 1


def _run(options: argparse.Namespace, started: float) -> int:
    from simgait.cohort import benchmark_page as pages
    from simgait.cohort import benchmark_sets as sets
    from simgait.cohort.benchmark_rows import Results, bar_rows
    from simgait.cohort.benchmark_scores import score_set, tracker
    from simgait.cohort.benchmark_speed import demo_rows, speed_rows
    from simgait.learning.checkpoints import load_policy
    from simgait.provenance import git_commit
    from simgait.recording.types import InputError
    from simgait.resources import resource_dir

    if not options.data.is_dir():
        raise InputError("The real recordings were not found; name their folder with --data.")
    folder = options.policy or resource_dir("policies") / "default"
    policy = load_policy(folder)
    track = tracker(policy)
    walkers = options.walkers or (QUICK_WALKERS if options.quick else FULL_WALKERS)
    monocular = sets.synthetic_set("synthetic monocular-v1", "monocular", walkers)
    real = sets.real_set("real test subjects", options.data, ("mcgill_c3d", "cmu_asfamc"))
    offered = [
        sets.synthetic_set("synthetic exact", "exact", walkers),
        monocular,
        sets.synthetic_set("synthetic legs only", "monocular_legs", walkers),
        sets.without_pelvis_path(monocular, "synthetic no pelvis path"),
        real,
        sets.real_set("mixed labs", options.data, ("c3d_mixed",)),
    ]
    scored, references = [], []
    for cases in offered:
        say(f"{time.perf_counter() - started:6.0f} s  {cases.name}: {len(cases.cases)} walks")
        first, *rest = score_set(cases, track, reference=options.reference)
        scored.append(first)
        references += rest
    exact, mono, legs, no_path, real_score, mixed = scored
    parts = tuple(
        real_score.of_source(source, name)
        for source, name in (("mcgill_c3d", "McGill"), ("cmu_asfamc", "CMU"))
    )
    rows = bar_rows(Results(exact, mono, legs, no_path, real_score, parts, mixed))
    if not options.no_speed:
        say(f"{time.perf_counter() - started:6.0f} s  speed")
        load = os.getloadavg()[0]
        rows += speed_rows(policy)
    else:
        load = os.getloadavg()[0]
    if options.demo:
        say(f"{time.perf_counter() - started:6.0f} s  make demo")
        rows += demo_rows(ROOT)
    shown = " ".join(_shareable(a) for a in sys.argv[1:])
    run = pages.Run(
        command=f"python scripts/scorecard.py {shown}".strip(),
        date_utc=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        commit=git_commit(ROOT),
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        platform=f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        policy_name=str(policy.card.get("name", policy.config.name)),
        policy_sha256=policy.sha256,
        load=f", load before the speed rows {load:.1f}",
        reduced=f"Quick: {walkers} synthetic walkers instead of {FULL_WALKERS}."
        if walkers != FULL_WALKERS
        else "",
    )
    sections = [
        ("All sets", pages.comparison([*scored, *parts, *references])),
        ("Synthetic, monocular-v1, by pattern", pages.breakdown(mono, "pattern")),
        ("Synthetic, monocular-v1, by camera view", pages.breakdown(mono, "view")),
        ("Synthetic, monocular-v1, by distance", pages.breakdown(mono, "distance")),
        ("Synthetic, exact keypoints, by pattern", pages.breakdown(exact, "pattern")),
        ("Real test subjects", pages.breakdown(real_score, "subject")),
        ("Mixed labs", pages.breakdown(mixed, "subject")),
    ]
    for result in references:
        for label in ("pattern", "view") if "monocular-v1" in result.name else ("subject",):
            if "exact" in result.name or result.name.startswith(("synthetic legs", "synthetic no")):
                continue
            sections.append((f"{result.name}, by {label}", pages.breakdown(result, label)))
    text = pages.page(run, rows, sections, pages.exclusions(scored))
    if options.json:
        listed = json.dumps([row.as_json() for row in rows], indent=1, ensure_ascii=False)
        if options.json == "-":
            print(listed)
        else:
            Path(options.json).write_text(listed + "\n", encoding="utf-8")
    if options.json != "-":
        print(text)
    if options.write_docs:
        target = ROOT / "docs" / "scorecard.md"
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, encoding="utf-8")
    say(f"{time.perf_counter() - started:6.0f} s in all")
    return 0


def _shareable(argument: str) -> str:
    return Path(argument).name if os.path.isabs(argument) else argument


if __name__ == "__main__":
    sys.exit(main())
