"""All commands, and one run of what a shell says: parse, call, print."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from importlib import metadata
from typing import TextIO, cast

from simgait.commands.parser import Parser
from simgait.commands.stopping import Stopped, stoppable
from simgait.errors import InputError
from simgait.plain_text import PlainStream

DESCRIPTION = """\
Physics-based gait analysis. A video of a walking person goes in, or a detector's 3D keypoints, or
motion capture; a simulated body walks the same walk; gait is read from that body. A research tool,
not a medical device.
"""
EPILOG = """\
start with:
  simgait demo                              a film of a rendered person, end to end
  simgait walk walk.mp4 --height 1.72 -o results   a video, end to end
  simgait inspect walk.npz --height 1.72    what is in a recording
  simgait track walk.npz --height 1.72 -o results
"""
WRONG_USAGE = 2


def build_parser() -> argparse.ArgumentParser:
    """The parser with all commands."""
    from simgait.commands import (
        ablate,
        benchmark,
        calibrate,
        cohort,
        companion,
        compare,
        convert,
        dataset,
        demo,
        detector_profile,
        doctor,
        evaluate,
        export,
        extract,
        inspect,
        policy,
        reference,
        render,
        scorecard,
        scores,
        scrub,
        sweep,
        track,
        train,
        travel_factor,
        visit,
        walk,
    )

    parser = Parser(
        prog="simgait",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    version = f"simgait {metadata.version('simgait')}"
    parser.add_argument("--version", action="version", version=version)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    in_order = (
        walk, track, extract, calibrate, travel_factor, demo, convert, inspect, cohort, evaluate,
        visit, compare, export, scrub, scores, reference, companion, dataset, train, policy,
        scorecard, ablate, sweep, benchmark, render, detector_profile, doctor,
    )  # fmt: skip
    for command in in_order:
        command.add_parser(commands)
    return parser


def refuse_empty(words: Sequence[str]) -> None:
    """Refuses a word without letters: as a path it would be the folder that one is in.

    Raises:
        InputError: names the option before it, or its place.
    """
    for place, word in enumerate(words, start=1):
        flag, equals, value = word.partition("=")
        if equals and flag.startswith("-"):
            said = flag
        else:
            before = words[place - 2] if place > 1 else ""
            said, value = before if before.startswith("-") else f"word {place}", word
        if not value.strip():
            raise InputError(
                f"{said}: is empty, as where a shell's variable is not set; say what it is."
            )


def run_words(argv: Sequence[str] | None) -> int:
    """Run one command; see `simgait.cli.main`."""
    stdout, stderr = PlainStream(sys.stdout), PlainStream(sys.stderr)
    with redirect_stdout(cast(TextIO, stdout)), redirect_stderr(cast(TextIO, stderr)):
        return _run(argv)


def _run(argv: Sequence[str] | None) -> int:
    try:
        with stoppable(lambda: "stopped; what was finished before is kept."):
            refuse_empty(sys.argv[1:] if argv is None else argv)
            parser = build_parser()
            arguments = parser.parse_args(argv)
            if not hasattr(arguments, "run"):
                parser.print_help()
                return WRONG_USAGE
            code: int = arguments.run(arguments)
            return code
    except InputError as error:
        print(f"simgait: {error}", file=sys.stderr)
        return 1
    except Stopped as stop:
        print(f"simgait: {stop.sentence}", file=sys.stderr)
        return stop.code
    except BrokenPipeError:
        # The reader of our output (head, less) left; Python must not complain at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
