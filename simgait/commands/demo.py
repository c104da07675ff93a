"""`simgait demo`: a rendered person from video to report, beside the truth."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from simgait.commands import options
from simgait.commands.progress import Progress

if TYPE_CHECKING:
    from simgait.demo import DemoRow


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "demo",
        help="track a rendered person, from video to report",
        description="A rendered person walks past a camera: the film "
        "that comes with simgait is watched, the walk tracked. Prints the true values beside what "
        "the keypoints alone and the simulated body say, and writes a report with the overlay. "
        "The first run compiles for a minute or two; later ones do not.",
    )
    parser.add_argument(
        "-o",
        "--out",
        default="simgait-demo",
        metavar="OUT",
        help="folder for the results (default: simgait-demo); an older demo in it is replaced",
    )
    parser.add_argument(
        "--keypoints",
        action="store_true",
        help="a synthetic patient with one affected leg, from keypoints with the errors of a video "
        "detector (monocular-v1): needs no PyAV",
    )
    options.add_policy_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Track the patient, print the table, write the report."""
    print("loading the policy ...", flush=True)
    from simgait.files import check_output_folder
    from simgait.jax_setup import configure_jax

    out = Path(arguments.out)
    check_output_folder(out)
    configure_jax()
    from simgait.demo import run_film_demo, run_keypoints_demo

    policy, _ = options.load_chosen_policy(arguments.policy, trust_plugins=arguments.trust_plugins)
    with Progress(3, "stage") as progress:
        run_demo = run_keypoints_demo if arguments.keypoints else run_film_demo
        demo = run_demo(policy, out, progress.stage)
    print()
    print(demo.description)
    print()
    print(table(demo.rows))
    print()
    print(f"Verdict: {demo.verdict.title}")
    for reason in demo.verdict.reasons:
        print(f"  - {reason}")
    print(f"Report: {demo.report}")
    return 0


def table(rows: Sequence[DemoRow]) -> str:
    """The rows as aligned text; a dash where there is no value."""
    head = ("", "true", "keypoints alone", "simulated body", "unit")
    lines = [
        (r.name, *(_shown(v, r.decimals) for v in (r.true, r.keypoints, r.simulated)), r.unit)
        for r in rows
    ]
    widths = [max(len(line[i]) for line in (head, *lines)) for i in range(len(head))]

    def text(line: tuple[str, ...]) -> str:
        middle = (cell.rjust(width) for cell, width in zip(line[1:4], widths[1:4], strict=True))
        return "  ".join((line[0].ljust(widths[0]), *middle, line[4])).rstrip()

    return "\n".join(text(line) for line in (head, *lines))


def _shown(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}" if math.isfinite(value) else "-"
