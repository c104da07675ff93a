"""`simgait companion train`: a companion learns, from what simgait has or from a user's own."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from simgait.commands import options
from simgait.commands.cohort import add_pattern, read_named, say_notes
from simgait.errors import InputError

if TYPE_CHECKING:
    from pydantic import BaseModel

    from simgait.cohort.study.manifest import Line
    from simgait.estimators.companion import Companion, Labels, Learning
    from simgait.estimators.own_walks import OwnRecording, OwnWalks

RELEASED = "released"
"""In place of a folder's name: that of the weights that simgait ships."""
PERSON = "person"
"""Column of every table of labels: whose a row is."""
TEXT_COLUMNS = ("recording", PERSON, "side", "reference", "trial", "angle")
"""Of a table of labels; all others are numbers."""


def add_train(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the action."""
    parser = actions.add_parser(
        "train",
        help="train one from a recipe",
        description="A training that was stopped goes on where it was when the same command is "
        "given again.",
    )
    parser.add_argument("name", metavar="COMPANION")
    parser.add_argument("-o", "--out", required=True, metavar="DIR", help="folder of the weights")
    parser.add_argument(
        "--config", metavar="FILE.toml", help="recipe (default: the released one's)"
    )
    parser.add_argument(
        "--data", metavar="DIR", help="real recordings to learn from as well, where it can"
    )
    parser.add_argument(
        "--labels", "--pairs", metavar="TABLE.csv",
        help="your own table: recordings with labels, or pairs of curves, as the companion reads",
    )  # fmt: skip
    parser.add_argument(
        "--walks", metavar="MANIFEST",
        help="your own people's normal walks (gengait): a manifest as of simgait cohort, with a "
        "line for each recording (trial, person, path, height_m, ...), or a folder with --pattern. "
        "Half of your people (30 at least) are learned from beside the synthetic walkers, in place "
        "of --data; a third set the thresholds, a sixth judge",
    )  # fmt: skip
    add_pattern(parser, "the MANIFEST of --walks")
    parser.add_argument("--reference", metavar="FILE", help="healthy people of the labels' GDI")
    parser.add_argument(
        "--designs", metavar="A,B",
        help="which of its designs, which companion list names, are trained (gdi-net)",
    )  # fmt: skip
    parser.add_argument(
        "--beside", metavar="DIR",
        help="trained networks that DIR of -o shall hold too, or 'released': --designs alone are "
        "trained, on the same people, and all are judged together (gdi-net)",
    )  # fmt: skip
    parser.add_argument("--machine", help="what it is trained on, for the card (needed)")
    parser.add_argument("--max-minutes", type=float, metavar="MIN", help="of training")
    parser.set_defaults(run=run_train)


def run_train(arguments: argparse.Namespace) -> int:
    """Train a companion, or go on training it."""
    from simgait.commands.train import stopping_in_order
    from simgait.companions import load_companion
    from simgait.files import check_output_folder
    from simgait.resources import resource_dir

    companion = load_companion(arguments.name)
    learning = companion.learns()
    recipe = Path(arguments.config or resource_dir("configs") / learning.recipe)
    beside = _beside(arguments, learning)
    config = _of_designs(companion, learning.load_recipe(recipe), arguments, beside)
    if arguments.machine is None:
        raise InputError("The card says what was trained on: give --machine.")
    check_output_folder(Path(arguments.out))
    labels = None if arguments.labels is None else _labels(Path(arguments.labels))
    walks = _walks(companion, arguments)
    data_dir = None if walks is not None else _recordings(companion, arguments.data)
    from simgait.datasets.real_recordings import fingerprint
    from simgait.estimators.companion import Order
    from simgait.estimators.released import WEIGHTS_FILE
    from simgait.learning.kept_run import RUN_FILE, KeptRun
    from simgait.learning.run_folder import Recipe, run_folder
    from simgait.learning.stop_request import StopRequest
    from simgait.provenance import file_sha256

    reference = None if arguments.reference is None else Path(arguments.reference)
    given = {
        "--data": None if data_dir is None else fingerprint(data_dir, test=False),
        "--labels": None if arguments.labels is None else file_sha256(Path(arguments.labels)),
        "--reference": None if reference is None else file_sha256(reference),
        "--walks": None if walks is None else walks.fingerprint,
        "--beside": None if beside is None else file_sha256(beside / WEIGHTS_FILE),
    }
    stop, say = StopRequest(), clock()
    order = Order(
        config, data_dir, labels, reference, arguments.machine, arguments.max_minutes, say,
        walks=walks, beside=beside,
    )  # fmt: skip
    with (
        stopping_in_order(stop),
        run_folder(
            Path(arguments.out), Recipe(companion.name, config, given), RUN_FILE, say,
            results=(WEIGHTS_FILE,),
        ) as run,
    ):  # fmt: skip
        print(learning.train(order, KeptRun(run, stop)))
    return 0


def _beside(arguments: argparse.Namespace, learning: Learning) -> Path | None:
    """The folder of --beside.

    Raises:
        InputError: there is no such folder, or -o is that folder.
    """
    from simgait.resources import resource_dir

    if arguments.beside is None:
        return None
    released = arguments.beside == RELEASED
    folder = resource_dir("policies") / learning.folder if released else Path(arguments.beside)
    if folder.resolve() == Path(arguments.out).resolve():
        raise InputError("-o: names the folder of --beside, which stays as it is; name another.")
    if not folder.is_dir():
        raise InputError(f"--beside {folder.name}: there is no such folder; check the path.")
    return folder


def _of_designs(
    companion: Companion, config: BaseModel, arguments: argparse.Namespace, beside: Path | None
) -> BaseModel:
    """The recipe with what --designs and --beside say.

    Raises:
        InputError: the companion has one design, or --designs is lacking or cannot be trained.
    """
    if arguments.designs is None and beside is None:
        return config
    with_designs = companion.learns().with_designs
    if with_designs is None:
        raise InputError(
            f"--designs, --beside: {companion.name} has no designs to choose from; leave them out."
        )
    if arguments.designs is None:
        raise InputError("--beside: say with --designs what is to be trained beside it.")
    return with_designs(config, [name.strip() for name in arguments.designs.split(",")], beside)


def _recordings(companion: Companion, given: str | None) -> Path | None:
    if companion.learns().from_recordings:
        return options.recordings_dir(given)
    if given is not None:
        raise InputError(f"--data: {companion.name} does not learn from recordings; leave it out.")
    return None


def _walks(companion: Companion, arguments: argparse.Namespace) -> OwnWalks | None:
    """The user's own normal walks; None where none are given.

    Raises:
        InputError: the companion does not learn from such, or what names them cannot be used.
    """
    if arguments.walks is None:
        if arguments.pattern or arguments.people:
            raise InputError(
                "--pattern and --people say whose the recordings of --walks are; give --walks DIR "
                "with them."
            )
        return None
    check = companion.learns().check_walks
    if check is None:
        raise InputError(f"--walks: {companion.name} does not learn from walks; leave it out.")
    if arguments.data is not None:
        raise InputError("--walks and --data: your own people take the place of others; give one.")
    from simgait.estimators.own_walks import OwnWalks

    manifest = read_named(arguments.walks, arguments, Path(arguments.out))
    say_notes(manifest.notes)
    if manifest.problems:
        raise InputError(f"{manifest.name}: {' '.join(manifest.problems)}")
    own = OwnWalks(manifest.name, tuple(_own_recording(line) for line in manifest.lines))
    check(own)
    return own


def _own_recording(line: Line) -> OwnRecording:
    from simgait.estimators.own_walks import OwnRecording

    return OwnRecording(line.place, line.person, line.path, line.said, " ".join(line.problems))


def _labels(path: Path) -> Labels:
    """The table of a user's own labels.

    Raises:
        InputError: it cannot be read, does not say whose its rows are, or a number is none.
    """
    from simgait.compare.csv_tables import read_csv
    from simgait.estimators.companion import Labels

    table = read_csv(path)
    for note in table.notes:
        print(f"note: {note}")
    if PERSON not in table.columns:
        raise InputError(
            f"{table.file}: has no column {PERSON}, which says whose each row is; add it, as "
            "without it nobody can be kept out of what judges."
        )
    text = {name: table.text(name) for name in table.columns if name in TEXT_COLUMNS}
    numbers = {
        name: [float(value) for value in table.numbers(name).values]
        for name in table.columns
        if name not in TEXT_COLUMNS
    }
    return Labels(table.file, path.parent, text, numbers)


def clock() -> Callable[[str], None]:
    """Prints lines with the seconds since now."""
    begun = time.monotonic()
    return lambda line: print(f"{time.monotonic() - begun:7.0f} s  {line}", flush=True)
