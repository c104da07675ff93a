"""`simgait benchmark companions`: what limits companions, and what was measured of them once."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from simgait.commands.options import add_policy_option, load_chosen_policy
from simgait.errors import InputError

if TYPE_CHECKING:
    from simgait.estimators.companion import MeasureTable

PARTS = ("limits", "detector", "posture", "twins")


def add_companions(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the action."""
    parser = actions.add_parser(
        "companions",
        help="what companions' inputs show at best, and a real detector's points through one",
        description="The tables of docs/companions.md that `simgait companion evaluate` does not "
        "print. limits: GDI where some angles are not known; detector: BlazePose's points of "
        "videobench-v1 through openpose-gdi; posture: what GDI-Net's frame network reads of "
        "rendered walkers; twins: normative twins in the physics. No recordings are needed. "
        "Some ten minutes.",
    )
    parser.add_argument("--only", choices=PARTS, help="one table alone")
    parser.add_argument(
        "--walkers",
        type=int,
        metavar="N",
        help="walkers of limits and of posture (default: 300 and 100)",
    )
    add_policy_option(parser)
    parser.set_defaults(run=companions)


def companions(arguments: argparse.Namespace) -> int:
    """Print the tables.

    Raises:
        InputError: an option makes no sense, weights or policy are not there, or nothing can be
            rendered here.
    """
    from simgait.commands.run_facts import run_facts
    from simgait.jax_setup import configure_jax

    parts = PARTS if arguments.only is None else (arguments.only,)
    _check(arguments, parts)
    configure_jax()
    from simgait.commands.progress import plain_line
    from simgait.estimators.judged import markdown

    facts = run_facts()
    print(f"{facts.of_a_measurement}", flush=True)
    for part in parts:
        found = _table(part, arguments, plain_line)
        print(f"\n{found.title}\n\n{markdown(found.header, found.rows)}", flush=True)
    return 0


def _check(arguments: argparse.Namespace, parts: tuple[str, ...]) -> None:
    """Refuses what cannot be done before anything is computed.

    Raises:
        InputError: an option that the tables do not take, too few walkers, or nothing can be
            rendered.
    """
    from simgait.estimators.judged import FEWEST_PAIRS
    from simgait.synthetic.people.renderer import check_renders

    if arguments.walkers is not None and not {"limits", "posture"} & set(parts):
        raise InputError("--walkers goes with limits and posture; leave it out.")
    if arguments.policy is not None and "twins" not in parts:
        raise InputError("--policy goes with twins; leave it out.")
    if arguments.walkers is not None and arguments.walkers < FEWEST_PAIRS:
        raise InputError(f"--walkers: give {FEWEST_PAIRS} at least; of fewer nothing is judged.")
    if "posture" in parts:
        check_renders()


def _table(part: str, arguments: argparse.Namespace, say: Callable[[str], None]) -> MeasureTable:
    """One of `PARTS`."""
    if part == "limits":
        from simgait.benchmark.companion_limits import WALKERS, limits_table

        return limits_table(arguments.walkers or WALKERS, say)
    if part == "detector":
        from simgait.benchmark.companion_detector import detector_table
        from simgait.benchmark.videobench import cases

        return detector_table(cases(), say)
    if part == "posture":
        from simgait.benchmark import companion_posture

        return companion_posture.posture_table(arguments.walkers or companion_posture.WALKERS, say)
    from simgait.benchmark.companion_twins import twins_table

    policy, _ = load_chosen_policy(arguments.policy, trust_plugins=arguments.trust_plugins)
    return twins_table(policy, say)
