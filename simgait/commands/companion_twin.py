"""`simgait companion run --track-twin`: the physics walks a walk and its normative twin."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from simgait.commands import options
from simgait.errors import InputError

if TYPE_CHECKING:
    from simgait.estimators.companion import Asked, Companion, Opinion

TRACKED = "the physics walks the walk and its twin ..."


def add_track_twin(parser: argparse.ArgumentParser) -> None:
    """Whether the physics walks the twin, and by which policy."""
    parser.add_argument(
        "--track-twin",
        action="store_true",
        help="let the physics walk the walk and its twin, as simgait track --twin does, and print "
        "the key figures of both (with --twin also into DIR/twin_parameters.csv; a minute or two)",
    )
    options.add_policy_option(parser)


def check_track_twin(arguments: argparse.Namespace, companion: Companion) -> None:
    """Refuses what cannot be done before anything is read.

    Raises:
        InputError: the companion makes no twins, or a policy is named that would drive nobody.
    """
    if not arguments.track_twin:
        if arguments.policy is not None or arguments.trust_plugins:
            raise InputError("--policy and --trust-plugins go with --track-twin; leave them out.")
        return
    if not companion.makes_twins:
        raise InputError(f"--track-twin: {companion.name} makes no twin of a walk; leave it out.")


def tell_twin_walk(
    arguments: argparse.Namespace, companion: Companion, opinion: Opinion, asked: Asked
) -> None:
    """Tracks both and prints what became of the twin, beside the walk.

    Raises:
        InputError: there is no such policy, or the walk cannot be tracked.
    """
    from simgait.api import track_all
    from simgait.report.trial.opinions import CompanionSays
    from simgait.report.trial.twin_walk import figures, twin_section, write_twin_figures
    from simgait.report.twin import TWIN_FIGURES
    from simgait.twin_walks import walk_twin

    policy, _ = options.load_chosen_policy(
        arguments.policy, trust_plugins=arguments.trust_plugins
    )  # fmt: skip
    print(TRACKED, flush=True)
    said = {
        "fps_hz": asked.fps_hz, "person": asked.person, "picture_px": asked.picture_px,
        "keypoint_set": asked.keypoint_set,
    }  # fmt: skip
    known = {name: value for name, value in said.items() if value is not None}
    walks = track_all(Path(arguments.walk), height_m=asked.height_m, policy=policy, **known)  # type: ignore[arg-type]
    # As the companion does, which reads the longest straight walk.
    walk = max(walks, key=lambda one: one.trial.n_frames)
    twin = walk_twin([CompanionSays(companion.name, opinion, makes_twins=True)], policy)
    print(twin_section(twin, walk.gait, walk.verdict)["twin_text"])
    if twin.body is None or not twin.is_walking:
        return
    for one in figures(twin.body, walk.gait, walk.verdict):
        own, others = (cell.striptags() for cell in (one.walk_cell, one.twin_cell))
        unit = one.unit if one.unit == "°" else f" {one.unit}".rstrip()
        print(f"{one.label}: walk {own}{unit}, twin {others}{unit}")
    if arguments.twin is not None:
        folder = Path(arguments.twin)
        write_twin_figures(folder / TWIN_FIGURES, twin.body, walk.gait, walk.verdict)
        print(f"{folder.name}/{TWIN_FIGURES}")
