"""`simgait demo`: a synthetic patient from keypoints to report, beside the truth."""

from __future__ import annotations

import argparse


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser("demo", help="track a synthetic patient, end to end")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Not yet."""
    raise NotImplementedError
