"""`simgait benchmark helper`: accuracy and falls against the bound of the helper wrench."""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING

from simgait.commands import options
from simgait.commands.new_file import add_new_file, new_file
from simgait.errors import InputError

if TYPE_CHECKING:
    from simgait.tracking.policies import Policy

OWN = "simgait"


def add_helper(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the action."""
    parser = actions.add_parser(
        "helper",
        help="accuracy and falls against the bound of the helper's force, as a figure",
        description="Tracks walks of simgait-bench-v1 with a policy as it is, its helper's force "
        "bound to 5, 4, 3, 2, 1, 0.5 and 0 % of body weight and its moment in proportion; nothing "
        "is trained again. One attempt only. Errors of angles, the pelvis among them, are over all "
        "frames of the walks. Prints tables and writes a figure. Some minutes.",
    )
    parser.add_argument("--policy", metavar="FOLDER", help="policy (default: the released one)")
    parser.add_argument(
        "--beside", action="append", default=[], metavar="NAME=FOLDER",
        help="another policy in the same figure; repeatable",
    )  # fmt: skip
    parser.add_argument(
        "--bounds", metavar="%", help="of body weight, as 5,2,0 (default: 5,4,3,2,1,0.5,0)"
    )
    parser.add_argument(
        "--moment-as-learned", action="store_true",
        help="bind the force alone, as simgait's first attempt at a walk does",
    )  # fmt: skip
    parser.add_argument(
        "--walkers", type=int, metavar="N", help="synthetic walkers of each pattern (default: 2)"
    )
    parser.add_argument(
        "--data", metavar="FOLDER", help=f"recordings (default: ${options.DATA_VARIABLE}); without "
        "them synthetic walkers alone, and no force plates",
    )  # fmt: skip
    add_new_file(parser, "FILE.svg", "the figure")
    parser.set_defaults(run=helper)


def helper(arguments: argparse.Namespace) -> int:
    """Track, print the tables, write the figure.

    Raises:
        InputError: an option makes no sense, or a policy or the recordings cannot be read.
    """
    out = new_file(
        arguments.out, ".svg", "the figure", overwrite=arguments.overwrite, inputs=()
    )  # fmt: skip
    bounds = None if arguments.bounds is None else bounds_of(arguments.bounds)
    walkers = arguments.walkers
    if walkers is not None and walkers < 1:
        raise InputError(f"--walkers {walkers}: give 1 or more.")
    from simgait.commands.run_facts import run_facts
    from simgait.files import write_text
    from simgait.jax_setup import configure_jax

    configure_jax()  # before the first import of MJX, which it keeps quiet
    from simgait.benchmark import helper_bounds as by_bound
    from simgait.benchmark.bench_cases import refuse_known_people
    from simgait.benchmark.helper_picture import bounds_picture, bounds_tables
    from simgait.benchmark.scorecard_rows import FIRST_FALLS

    facts = run_facts()
    bounds = by_bound.BOUNDS_PERCENT if bounds is None else bounds
    policies = chosen_policies(arguments.policy, arguments.beside)
    for policy in policies.values():
        by_bound.helper_bounds(policy, bounds[0])
    data = options.recordings_dir(arguments.data)
    if data is None:
        print("note: no --data: the real test subjects and their plates are left out")
    print("making walks ...", flush=True)
    sets = by_bound.bound_cases(data, walkers or by_bound.WALKERS_PER_PATTERN)
    cases = [case for one in sets for case in one.cases]
    refuse_known_people(cases)
    n_excluded = sum(len(one.excluded) for one in sets)
    rows, said = [], facts.of_a_measurement.replace("`", "")
    tell = partial(print, " ", flush=True)
    as_learned = arguments.moment_as_learned
    for row in by_bound.bound_rows(policies, cases, bounds, tell, moment_as_learned=as_learned):
        rows.append(row)
        # A run that is stopped leaves what it has found.
        write_text(out, f"{bounds_picture(rows, said)}\n")
        print(f"  {row.keypoints}: {row.values[FIRST_FALLS.key]:.0f} % fell", flush=True)
    people = len({case.trial.subject_id for case in cases})
    print(f"\n{facts.of_a_measurement}; {len(cases)} walks of {people} people, ", end="")
    print(f"{n_excluded} refused before tracking\n\n{bounds_tables(rows)}")
    return 0


def chosen_policies(policy: str | None, beside: list[str]) -> dict[str, Policy]:
    """The policies by name, in order.

    Raises:
        InputError: a pair is no NAME=FOLDER, a name comes twice, or a policy cannot be read.
    """
    chosen = {OWN: options.load_chosen_policy(policy)[0]}
    for pair in beside:
        name, _, folder = pair.partition("=")
        if not name or not folder or name in chosen:
            raise InputError(
                f"--beside {pair}: give NAME=FOLDER, with a name that no other policy has."
            )
        chosen[name] = options.load_chosen_policy(folder)[0]
    return chosen


def bounds_of(text: str) -> tuple[float, ...]:
    """Bounds in percent of body weight.

    Raises:
        InputError: they are no numbers from 0 to 100, or one comes twice.
    """
    try:
        found = tuple(float(part) for part in text.split(","))
    except ValueError:
        found = ()
    if not found or not all(0.0 <= one <= 100.0 for one in found) or len(set(found)) < len(found):
        raise InputError(
            f"--bounds {text}: give different numbers from 0 to 100, in % of body weight, as 5,2,0."
        )
    return found
