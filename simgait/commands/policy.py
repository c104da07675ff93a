"""`simgait policy`: what becomes of a trained policy: averaged, released, its intervals made."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from simgait.commands import options
from simgait.errors import InputError

if TYPE_CHECKING:
    from simgait.tracking.policies import Policy


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "policy",
        help="average or release trained policies, make their intervals",
        description="What becomes of a policy that `simgait train` made.",
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    _add_average(actions)
    _add_refiner(actions)
    _add_release(actions)
    _add_intervals(actions)
    _add_film_intervals(actions)
    _add_reference(actions)


def _add_average(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser(
        "average",
        help="the mean of a policy and of a run that went on from it",
        description="Average the weights of a policy and of a run that went on from it, and "
        "validate the mean. The result is a run's folder, ready for `simgait policy release`.",
        epilog="example:\n  simgait policy average policies/default runs/more -o runs/mean",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("earlier", metavar="POLICY", help="folder of the policy the run began with")
    parser.add_argument("training_run", metavar="RUN", help="folder of a run begun with it")
    parser.add_argument("-o", "--out", required=True, metavar="DIR", help="folder of the result")
    parser.add_argument(
        "--share",
        type=float,
        default=0.5,
        help="of the run's last weights in the mean (default: 0.5)",
    )
    parser.add_argument(
        "--steps-before",
        type=int,
        default=0,
        metavar="N",
        help="environment steps between the policy and the run's beginning, for the card",
    )
    parser.set_defaults(run=run_average)


def _add_refiner(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser(
        "refiner",
        help="a policy with a refiner that went on learning from its own",
        description="Average the weights of a policy's refiner and of one that went on from it "
        "(simgait train refiner --warm-start), and validate the policy that follows the mean. The "
        "result is a run's folder, ready for `simgait policy release`.",
        epilog="example:\n  simgait policy refiner policies/default runs/families/"
        "refiner.safetensors -o runs/mean",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("earlier", metavar="POLICY", help="folder of the policy it went on from")
    parser.add_argument(
        "file", metavar="FILE", help="weights of the refiner, in their run's folder"
    )
    parser.add_argument("-o", "--out", required=True, metavar="DIR", help="folder of the result")
    parser.add_argument(
        "--share",
        type=float,
        default=0.5,
        help="of the file's weights in the mean; 1 takes them as they are (default: 0.5)",
    )
    parser.set_defaults(run=run_refiner)


def _add_release(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser(
        "release",
        help="a run's best policy as a folder with a model card",
        description="Copy the best policy of a run to a folder of its own and write its model "
        "card.",
        epilog='example:\n  simgait policy release runs/mine policies/mine --machine "2 CPU cores"',
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("training_run", metavar="RUN", help="folder of a training run")
    parser.add_argument("target", metavar="POLICY", help="folder of the released policy")
    parser.add_argument("--machine", required=True, help="what it was trained on, for the card")
    parser.add_argument(
        "--refiner-trained", help="how the refiner was trained, where not as the recipe says"
    )
    parser.add_argument(
        "--real-walks",
        type=int,
        metavar="N",
        help="real walks it learned from, where the run's card lacks them",
    )
    parser.set_defaults(run=run_release)


def _add_intervals(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser(
        "intervals",
        help="measure how far off a policy's numbers are: its file of 90 %% intervals",
        description="Track synthetic walkers and real marker walks through every synthetic "
        "detector, and make of their errors the half-widths of 90 %% intervals: intervals.json. "
        "Prints how often they hold for people whom nothing was made from. A call that was "
        "stopped goes on when it is made again. Some 20 minutes on 2 cores.",
        epilog="example:\n  simgait policy intervals --data DIR -o runs/intervals",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_policy_option(parser)
    _add_data(parser)
    parser.add_argument("-o", "--out", required=True, metavar="RUN", help="folder of the run")
    parser.set_defaults(run=run_intervals)


def _add_film_intervals(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser(
        "film-intervals",
        help="measure how much wider 90 %% intervals of film have to be: film_intervals.json",
        description="Render people whose walk is known, watch and track them as any film, and set "
        "by how much the intervals of a detector's points have to be widened for film: "
        "film_intervals.json. Prints how often they hold, of people left out and on videobench's "
        "clips. A call that was stopped goes on when it is made again. Half an hour on 2 cores.",
        epilog="example:\n  simgait policy film-intervals --data DIR -o runs/film\n\n"
        "Needs the extra simgait[render] and OpenGL 3.3; neither a display nor a GPU.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_policy_option(parser)
    _add_data(parser)
    parser.add_argument("-o", "--out", required=True, metavar="RUN", help="folder of the run")
    parser.set_defaults(run=run_film_intervals)


def _add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data",
        metavar="DIR",
        help="folder of real recordings (default: $SIMGAIT_DATA)",
    )


def _add_reference(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = actions.add_parser(
        "reference",
        help="the healthy people that the policy's walks are scored against",
        description="Track real healthy people and synthetic walkers, and write score_reference"
        ".json, to be put beside the policy's weights. Takes some minutes.",
    )
    options.add_policy_option(parser)
    _add_data(parser)
    parser.add_argument("-o", "--out", required=True, metavar="DIR", help="folder of the file")
    parser.set_defaults(run=run_reference)


def run_average(arguments: argparse.Namespace) -> int:
    """Average, validate, write, and print the validation."""
    print("averaging and validating: some minutes ...", file=sys.stderr, flush=True)
    from simgait.jax_setup import configure_jax

    configure_jax()
    from simgait.learning.averaging import average_with_run

    scores = average_with_run(
        Path(arguments.earlier),
        Path(arguments.training_run),
        Path(arguments.out),
        share=arguments.share,
        steps_before=arguments.steps_before,
    )
    print(json.dumps(scores, indent=1))
    return 0


def run_refiner(arguments: argparse.Namespace) -> int:
    """Average, validate, write, and print the validation."""
    print("averaging and validating: some minutes ...", file=sys.stderr, flush=True)
    from simgait.jax_setup import configure_jax

    configure_jax()
    from simgait.learning.averaging import follow_refiner

    scores = follow_refiner(
        Path(arguments.earlier), Path(arguments.file), Path(arguments.out), share=arguments.share
    )
    print(json.dumps(scores, indent=1))
    return 0


def run_release(arguments: argparse.Namespace) -> int:
    """Copy, write the card, and print its facts."""
    print("loading the policy ...", file=sys.stderr, flush=True)
    from simgait.jax_setup import configure_jax

    configure_jax()
    from simgait.learning.release import release_policy

    released = release_policy(
        Path(arguments.training_run),
        Path(arguments.target),
        machine=arguments.machine,
        refiner_trained=arguments.refiner_trained,
        real_walks=arguments.real_walks,
    )
    print(json.dumps(released.card, indent=1))
    return 0


def run_intervals(arguments: argparse.Namespace) -> int:
    """Track, fit, write, and print how often the intervals hold.

    Raises:
        InputError: there is no folder of real recordings, or too few people in it.
    """
    data_dir, policy = _recordings_and_policy(arguments)
    from simgait.benchmark.interval_coverage import coverage, coverage_table
    from simgait.benchmark.interval_release import make_intervals

    out, tell = Path(arguments.out), _teller("intervals")
    widths, judged = make_intervals(policy, data_dir, out, tell=tell)
    print(coverage_table(coverage(judged, widths)))
    return 0


def run_film_intervals(arguments: argparse.Namespace) -> int:
    """Render, watch, track, set, write, and print how often film's intervals hold.

    Raises:
        InputError: there is no folder of real recordings, or nothing can be rendered.
    """
    data_dir, policy = _recordings_and_policy(arguments)
    from simgait.benchmark.film_levels import film_table, make_film_levels

    tell = _teller("film-intervals")
    print(film_table(make_film_levels(policy, data_dir, Path(arguments.out), tell)))
    return 0


def run_reference(arguments: argparse.Namespace) -> int:
    """Track, build, write, and show.

    Raises:
        InputError: there is no folder of real recordings, or too few people in it.
    """
    data_dir, policy = _recordings_and_policy(arguments)
    from simgait.benchmark.score_release import make_reference
    from simgait.commands.reference import show

    show(make_reference(policy, data_dir, Path(arguments.out), _teller("reference")))
    return 0


def _recordings_and_policy(arguments: argparse.Namespace) -> tuple[Path, Policy]:
    data_dir = options.recordings_dir(arguments.data)
    if data_dir is None:
        raise InputError("The real recordings were not found; name their folder with --data.")
    print("loading the policy ...", file=sys.stderr, flush=True)
    from simgait.jax_setup import configure_jax

    configure_jax()
    return data_dir, options.load_chosen_policy(arguments.policy)[0]


def _teller(what: str) -> Callable[[str], None]:
    return lambda text: print(f"{what}: {text} ...", file=sys.stderr, flush=True)
