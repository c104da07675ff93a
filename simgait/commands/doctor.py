"""`simgait doctor`: is this installation well?"""

from __future__ import annotations

import argparse


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
    """Print the findings. Returns 1 if one is bad."""
    from simgait.doctor import run_checks
    from simgait.jax_setup import configure_jax

    configure_jax()
    checks = run_checks()
    width = max(len(check.name) for check in checks)
    for check in checks:
        print(f"{'ok ' if check.ok else 'BAD'} {check.name:<{width}}  {check.detail}")
        if check.remedy:
            print(f"    {'':<{width}}  {check.remedy}")
    bad = sum(not check.ok for check in checks)
    print("All is well." if not bad else f"{bad} of {len(checks)} checks failed.")
    return 1 if bad else 0
