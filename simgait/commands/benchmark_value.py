"""`simgait benchmark value-network`: whether bfloat16 pays for the value network."""

from __future__ import annotations

import argparse

from simgait.errors import InputError


def add_value(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the action."""
    parser = actions.add_parser(
        "value-network",
        help="time the value network in float32 and in bfloat16",
        description="Samples per second through value and gradient of a minibatch, for the default "
        "value network and the paper's, in float32 and with networks.value_dtype = 'bfloat16', on "
        "this machine's processor or GPU. No physics. A minute.",
    )
    parser.add_argument(
        "--repeats", type=int, default=20, metavar="N", help="gradient steps timed (default: 20)"
    )
    parser.set_defaults(run=value)


def value(arguments: argparse.Namespace) -> int:
    """Print the table.

    Raises:
        InputError: an option makes no sense.
    """
    from simgait.commands.run_facts import run_facts

    if arguments.repeats < 1:
        raise InputError("--repeats times one gradient step or more.")
    from simgait.jax_setup import configure_jax

    configure_jax()
    from simgait.benchmark.scorecard_page import rows_table
    from simgait.benchmark.value_network import value_rows

    facts = run_facts()
    rows = list(value_rows(arguments.repeats, lambda text: print(f"  {text}", flush=True)))
    print(f"\n{facts.of_a_measurement}\n\n{rows_table(rows)}")
    return 0
