"""`simgait doctor`: is this installation well?"""

from __future__ import annotations

import argparse

WIDTH = 22
"""Of the names' column: the longest are those of packages."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "doctor",
        help="check this installation",
        description="Check Python, packages, physics, caches, policies and the machine, and say "
        "what to do about what is wrong. The exit code is 1 if anything is.",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the findings as they come. Returns 1 if one is bad."""
    from simgait.doctor import run_checks

    n_checks = bad = 0
    for check in run_checks(lambda text: print(f"... {text}", flush=True)):
        n_checks += 1
        bad += not check.ok
        print(f"{'ok ' if check.ok else 'BAD'} {check.name:<{WIDTH}}  {check.detail}", flush=True)
        if check.remedy:
            print(f"    {'':<{WIDTH}}  {check.remedy}", flush=True)
    print("All is well." if not bad else f"{bad} of {n_checks} checks failed.")
    return 1 if bad else 0
