"""`simgait benchmark`: upkeep of simgait-bench-v1, speed of the statistics, views of a video."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from simgait.commands.benchmark_cohort import add_cohort
from simgait.commands.benchmark_companions import add_companions
from simgait.commands.benchmark_helper import add_helper
from simgait.commands.benchmark_recipes import add_recipes
from simgait.commands.benchmark_report import add_report
from simgait.commands.benchmark_strangers import add_strangers
from simgait.commands.benchmark_training import add_training
from simgait.commands.benchmark_value import add_value
from simgait.commands.options import DATA_VARIABLE, recordings_dir
from simgait.commands.progress import Progress
from simgait.errors import InputError

if TYPE_CHECKING:
    from simgait.synthetic.people.plan import ClipPlan


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and what it can do."""
    parser = commands.add_parser(
        "benchmark",
        help="score video by view and gait scores, pin the benchmark's walks, time the statistics",
        description="Upkeep of the benchmark. To run it: simgait evaluate --bench -o OUT",
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    pinning = actions.add_parser(
        "pin",
        help="keep the numbers of the synthetic walks of a new version, once",
        description="To be run after BENCH_VERSION in simgait/benchmark/bench_cases.py was raised. "
        "Writes the version's CSV file beside that module and never replaces one: results of a "
        "version stay comparable.",
    )
    pinning.set_defaults(run=pin)
    timing = actions.add_parser(
        "speed",
        help="time the agreement statistics on 10 000 pairs",
        description="The full summary of 10 000 pairs has to take one second at most.",
    )
    timing.set_defaults(run=speed)
    filming = actions.add_parser(
        "video",
        help="score video on rendered people whose truth is known",
        description="Speed, step lengths and knees of videobench-v1, from the landmarks that come "
        "with simgait; then of one rendered walk from five cameras, where the recordings are. The "
        "tables of docs/video.md.",
    )
    filming.add_argument("--data", metavar="FOLDER", help=f"recordings (default: ${DATA_VARIABLE})")
    filming.add_argument(
        "--people",
        metavar="FOLDER",
        help="render and watch the clips of videobench-v1 that are not in FOLDER yet, and score "
        "FOLDER alone",
    )
    filming.add_argument(
        "--clips", type=int, metavar="N", help="only the first N of videobench-v1's 200 clips"
    )
    filming.add_argument(
        "--bodies", action="store_true", help="let the simulated body walk the clips, too"
    )
    filming.set_defaults(run=video)
    scoring = actions.add_parser(
        "scores",
        help="GDI and GPS of tracked walkers against their truth",
        description="Published worked examples, time, and the scores of tracked synthetic test "
        "walkers against those of their truth, as a table for docs/how-to/scores.md. Some minutes.",
    )
    scoring.add_argument("--data", metavar="FOLDER", help=f"recordings (default: ${DATA_VARIABLE})")
    scoring.set_defaults(run=scores)
    _add_compare(actions)
    add_cohort(actions)
    add_training(actions)
    add_recipes(actions)
    add_helper(actions)
    add_value(actions)
    add_strangers(actions)
    add_companions(actions)
    add_report(actions)


def _add_compare(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    repeating = actions.add_parser(
        "compare",
        help="how often `simgait compare` calls a number or curve changed, by size of the change, "
        "and the sides of a curve different",
        description="Synthetic people walk on several days, with steps as long as on the first or "
        "shorter; each day is compared with the first, and the sides of each with each other. The "
        "tables of docs/how-to/compare.md.",
    )
    repeating.add_argument("--people", type=int, default=8, metavar="N", help="(default: 8)")
    repeating.add_argument(
        "--keep", metavar="FOLDER", help="keep recordings and results there; a stopped run goes on"
    )
    repeating.set_defaults(run=compare)


def pin(arguments: argparse.Namespace) -> int:
    """Write the version's file.

    Raises:
        InputError: the version has one already.
    """
    print("making the walks: a minute or two ...", flush=True)
    from simgait.benchmark.bench_cases import BENCH_VERSION, synthetic_bench
    from simgait.benchmark.pinned_walks import PINS, pins_of, pins_text
    from simgait.files import write_whole
    from simgait.jax_setup import configure_jax

    if PINS.exists():
        raise InputError(
            f"{PINS.name}: {BENCH_VERSION} has its walks already; raise BENCH_VERSION in "
            "simgait/benchmark/bench_cases.py first."
        )
    configure_jax()
    pins = pins_of(synthetic_bench().cases)
    write_whole(PINS, pins_text(pins))
    print(f"{PINS.name}: {len(pins)} walks")
    return 0


def speed(arguments: argparse.Namespace) -> int:
    """Print the time of the whole summary, and of its parts."""
    print("timing: about a minute ...", flush=True)
    from simgait.benchmark.agreement_speed import agreement_speed

    for timed in agreement_speed():
        bar = "" if timed.bar_s is None else f" (bar {timed.bar_s:g} s)"
        print(f"{timed.what}: {timed.seconds:.4f} s{bar}")
    return 0


def video(arguments: argparse.Namespace) -> int:
    """Print the tables.

    Raises:
        InputError: a folder cannot be written to, nothing can be rendered, or a file is damaged.
    """
    from simgait.benchmark.videobench import SHIPPED, cases
    from simgait.jax_setup import configure_jax

    configure_jax()
    plans = cases()[: arguments.clips]
    if arguments.people is not None:
        folder = Path(arguments.people)
        rendered_people(folder, plans, _made(plans, folder), arguments.bodies)
        return 0
    print("scoring videobench-v1: a minute or two ...", flush=True)
    rendered_people(SHIPPED, plans, [], arguments.bodies)
    data = recordings_dir(arguments.data)
    if data is None:
        print(f"\nThe five views need the recordings: --data FOLDER, or ${DATA_VARIABLE}.")
        return 0
    five_views(data)
    more_bars(data)
    return 0


def five_views(data: Path) -> None:
    """Print the table of one walk from five cameras.

    Raises:
        InputError: the recordings are not there.
    """
    import numpy as np

    from simgait.benchmark.filmed_views import score_views
    from simgait.pipeline import find_policy

    print("\none walk from five cameras:\n", flush=True)
    heads = "view", "by", "speed, m/s (error)", "step length RMSE, cm", "steps", "knee r", "RMSE, °"
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for row in score_views(data, find_policy()):
        compared = np.isfinite(row.knee_r)
        knee = [f"{row.knee_r:.2f}", f"{row.knee_rmse_deg:.1f}"] if compared else ["–", "–"]
        cells = [
            row.view, row.method, f"{row.speed_mps:.2f} ({row.speed_error_mps:+.2f})",
            f"{100 * row.step_rmse_m:.1f}", row.steps, *knee,
        ]  # fmt: skip
        print(f"| {' | '.join(cells)} |", flush=True)


def more_bars(data: Path) -> None:
    """Print the bars that need films.

    Raises:
        InputError: the recordings are not there.
    """
    from simgait.benchmark.detector_tables import BAR_HEADS, markdown_table
    from simgait.benchmark.film_bars import film_bars
    from simgait.pipeline import find_policy

    print("\nwatching films: some minutes ...\n", flush=True)
    print(markdown_table(BAR_HEADS, film_bars(data, find_policy())))


def scores(arguments: argparse.Namespace) -> int:
    """Print the bars of the scores.

    Raises:
        InputError: too few walkers could be tracked.
    """
    print("tracking walkers: some minutes ...", flush=True)
    from simgait.jax_setup import configure_jax

    configure_jax()  # before the first import of MJX, which it keeps quiet
    from simgait.benchmark.score_bars import (
        N_STRIDES,
        golden_error,
        seconds_of_scores,
        tracked_against_truth,
    )
    from simgait.commands.run_facts import run_facts
    from simgait.gait.known_scores import released_reference
    from simgait.pipeline import find_policy

    data = recordings_dir(arguments.data)
    facts = run_facts()
    rows = tracked_against_truth(find_policy())
    print(f"`{facts.command}`, {facts.date_utc}, commit {facts.commit}\n")
    golden = None if data is None else golden_error(data)
    told = "not measured: no data" if golden is None else f"{golden:.1e}"
    print(f"published worked examples, largest relative difference: {told} (bar 1e-10)")
    print(f"{N_STRIDES} strides: {seconds_of_scores(released_reference()):.3f} s (bar 1 s)\n")
    heads = "score, walks", "sides", "walkers", "r", "RMSE", "bias", "slope"
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for row in rows:
        cells = (
            row.what, row.n, row.people, f"{row.r:.3f}", f"{row.rmse:.2f}", f"{row.bias:+.2f}",
            f"{row.slope:.2f}",
        )  # fmt: skip
        print(f"| {' | '.join(map(str, cells))} |")
    return 0


def compare(arguments: argparse.Namespace) -> int:
    """Print how often numbers and curves are called changed, and sides different.

    Raises:
        InputError: the folder cannot be written to.
    """
    from simgait.jax_setup import configure_jax

    configure_jax()  # before the first import of MJX, which it keeps quiet
    from simgait.benchmark.repeated_sides import (
        false_side_percent,
        seen_sides,
        sides_power_table,
        sides_table,
    )
    from simgait.benchmark.repeated_visits import (
        FALSE_BAR,
        compared_visits,
        curve_power_table,
        curve_table,
        false_curve_percent,
        false_percent,
        power_table,
    )
    from simgait.commands.run_facts import run_facts
    from simgait.pipeline import find_policy

    if arguments.people < 1:
        raise InputError("--people: compares one person or more.")
    print("tracking visits: some minutes ...", flush=True)
    facts = run_facts()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(arguments.keep or scratch)
        found = compared_visits(folder, find_policy(), arguments.people, print)
        sides = seen_sides(folder, arguments.people)
    print(
        f"`{facts.command}`, {facts.date_utc}, commit {facts.commit}, {facts.system}, "
        f"{facts.cores} cores\n"
    )
    print(power_table(found))
    false = false_percent(found)
    print(f"\nunchanged numbers called changed: {false:.1f} % (bar {FALSE_BAR:g} %)")
    print(f"\n{curve_table(found)}\n\n{curve_power_table(found)}")
    false = false_curve_percent(found)
    print(f"\nunchanged curves called changed: {false:.1f} % (bar {FALSE_BAR:g} %)")
    print(f"\n{sides_table(sides)}\n\n{sides_power_table(sides)}")
    false = false_side_percent(sides)
    print(
        f"\ncurves of sides, less the truth, called different: {false:.1f} % (bar {FALSE_BAR:g} %)"
    )
    return 0


def rendered_people(
    folder: Path, plans: list[ClipPlan], made_s: list[float], with_bodies: bool
) -> None:
    """Print the tables and bars of the clips that a folder holds.

    Raises:
        InputError: it holds none, or a damaged one.
    """
    from simgait.benchmark.detector_tables import (
        bars,
        body_bar,
        body_table,
        lift_table,
        profile_table,
    )
    from simgait.benchmark.film_bodies import score_bodies
    from simgait.benchmark.film_follow import (
        follow_bars,
        follow_clips,
        follow_table,
        joint_table,
    )
    from simgait.benchmark.film_scores import score_clips
    from simgait.benchmark.videobench import N_CLIPS, VERSION, watched_cases
    from simgait.commands.run_facts import run_facts
    from simgait.pipeline import find_policy

    watched = watched_cases(folder, plans)
    if not watched:
        raise InputError(f"{folder.name}: there is no clip to score.")
    scores = list(score_clips(watched))
    facts = run_facts()
    print(f"`{facts.command}`, {facts.date_utc}, commit {facts.commit}, {VERSION}: ", end="")
    print(f"{len(scores)} of {N_CLIPS} clips\n")
    per_hour = 2 * 3600.0 * len(made_s) / sum(made_s) if made_s else None
    profile = profile_table([(one.truth, one.errors) for one in scores])
    print(f"{profile}\n\n{lift_table(scores)}\n\n{bars(scores, per_hour)}", flush=True)
    if with_bodies:
        policy = find_policy()
        bodies = score_bodies(watched, policy)
        print(f"\n{body_table(bodies)}\n\n{body_bar(bodies)}", flush=True)
        followed = follow_clips(folder, plans, policy)
        print(f"\n{joint_table(followed)}\n\n{follow_table(followed)}")
        print(f"\n{follow_bars(followed)}", flush=True)


def _made(plans: list[ClipPlan], folder: Path) -> list[float]:
    """Make the folder and the clips that are not there yet; see `_watch_missing`.

    Raises:
        InputError: the folder cannot be written to, or nothing can be rendered.
    """
    from simgait.files import make_output_folder

    make_output_folder(folder)
    return _watch_missing(plans, folder)


def _watch_missing(plans: list[ClipPlan], folder: Path) -> list[float]:
    """Seconds of processor time of each clip that was not there yet.

    Raises:
        InputError: nothing can be rendered here.
    """
    from simgait.benchmark.videobench import LANDMARKS_SUFFIX, watch_case
    from simgait.synthetic.people.renderer import check_renders

    missing = [one for one in plans if not (folder / f"{one.name}{LANDMARKS_SUFFIX}").exists()]
    if missing:
        check_renders()
    taken_s = []
    with Progress(len(missing), "clip") as progress:
        for plan in missing:
            progress.tell(f"rendering and watching {plan.name} ...", quiet=True)
            try:
                taken_s.append(watch_case(plan, folder))
                progress.line(f"{plan.name}: {plan.view}, {plan.body}, {taken_s[-1]:.0f} s")
            except InputError as error:
                progress.line(f"simgait: {error}", error=True)
            progress.finished(plan.name)
    return taken_s
