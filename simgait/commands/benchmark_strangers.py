"""`simgait benchmark strangers`: detectors that nothing was learned from."""

from __future__ import annotations

import argparse

from simgait.commands.options import (
    DATA_VARIABLE,
    add_policy_option,
    load_chosen_policy,
    recordings_dir,
)
from simgait.errors import InputError


def add_strangers(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the action."""
    parser = actions.add_parser(
        "strangers",
        help="what comes out through simulated detectors that nothing was learned from",
        description="Marker walks of people whom nothing was trained on, seen by detectors that "
        "share no code with those that simgait learns from, written as their files, and tracked "
        "as simgait track does. The table of docs/history/other_detectors.md; the same seeds each "
        "time. Some minutes.",
    )
    parser.add_argument("--data", metavar="FOLDER", help=f"recordings (default: ${DATA_VARIABLE})")
    parser.add_argument(
        "--only", default="", metavar="TEXT", help="only detectors with this in their names"
    )
    add_policy_option(parser)
    parser.set_defaults(run=strangers)


def strangers(arguments: argparse.Namespace) -> int:
    """Print the table.

    Raises:
        InputError: the recordings or the policy are not there, or no detector has such a name.
    """
    from simgait.commands.run_facts import run_facts
    from simgait.jax_setup import configure_jax

    data = recordings_dir(arguments.data)
    if data is None:
        raise InputError(f"no recordings are named; give --data FOLDER, or set ${DATA_VARIABLE}.")
    configure_jax()
    from simgait.benchmark.stranger_detectors import STRANGERS
    from simgait.benchmark.stranger_runs import run_strangers, widths_of
    from simgait.benchmark.stranger_walks import loops
    from simgait.benchmark.strangers import refusals, stranger_table

    chosen = [one for one in STRANGERS if arguments.only.lower() in one.name.lower()]
    if not chosen:
        raise InputError(f"--only {arguments.only}: no detector has that in its name.")
    policy, name = load_chosen_policy(arguments.policy, trust_plugins=arguments.trust_plugins)
    widths = widths_of(policy, arguments.policy)
    facts = run_facts()
    people = list(loops(data))
    found = run_strangers(
        chosen, people, policy, widths, lambda text: print(f"  {text}", flush=True)
    )
    print(f"\n{facts.of_a_measurement}, policy {name} {policy.sha256[:12]}\n")
    print(stranger_table(chosen, found))
    for sentence in refusals(found):
        print(f"- {sentence}")
    return 0
