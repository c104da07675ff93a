"""`simgait dataset`: recordings made into a set of trials that trainings learn from."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from simgait.commands.cohort import add_manifest, read_asked, say_notes, say_problems
from simgait.commands.stopping import stoppable
from simgait.commands.train import RECIPE
from simgait.errors import InputError
from simgait.plain_text import listed

if TYPE_CHECKING:
    from simgait.cohort.study.manifest import Line, Manifest
    from simgait.learning.trial_set.sources import Source

PART_COLUMN = "part"
EPILOG = """\
examples:
  simgait dataset build study.csv -o trials
      every recording of a manifest (as of simgait cohort run) that is not in the set yet
  simgait dataset build DIR --pattern '{person}/{trial}.c3d' --people people.csv -o trials
      without a manifest: the names of the files say who walks
  simgait train --trials trials -o runs/mine
      a policy that learns from it

Everybody belongs to one part of the set: training (which alone is learned from), validation or
test. A column `part` of the manifest says which; where it says nothing, the person's code draws
one, 80, 10 and 10 % of people.
"""
STOPPED = "stopped; what was prepared is kept. The same command again goes on from there."


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "dataset",
        help="a set of training trials from many recordings",
        description="Sets of prepared trials to learn from, sharded on disk.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    build = actions.add_parser(
        "build",
        help="prepare all recordings of a manifest or folder as training trials",
        description="Prepare every recording of a manifest or folder as training trials, with the "
        "body fitted to each, in files of many trials. No recording stops the others: those that "
        "give no trial stand in exclusions.csv with the reason. The same command again makes only "
        "what is new or has changed.",
    )
    add_manifest(build)
    build.add_argument("-o", "--out", required=True, metavar="SET", help="folder of the set")
    build.add_argument(
        "--config",
        metavar="FILE.toml",
        help="recipe of the training, whose body, data.sized_by, data.real_copies, data.keypoints "
        "and data.seed decide what trials are like (default: that of simgait train)",
    )
    build.add_argument(
        "--workers",
        type=int,
        metavar="N",
        help="processes that prepare recordings (default: one for each core)",
    )
    build.add_argument(
        "--shard-trials",
        type=int,
        metavar="N",
        help="most trials of a file (default: 64, about 10 MB)",
    )
    build.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Build. Returns 1 if any recording could not be read, or broke down."""
    path, out = Path(arguments.manifest), Path(arguments.out)
    for name in ("workers", "shard_trials"):
        value = getattr(arguments, name)
        if value is not None and value < 1:
            raise InputError(f"--{name.replace('_', '-')}: give 1 or more.")
    print(f"reading {path.absolute().name} ...", flush=True)
    from simgait.jax_setup import configure_jax, usable_cores

    manifest = read_asked(arguments, out)
    unread = [column for column in manifest.unknown if column != PART_COLUMN]
    if unread:
        say_notes([f"a training set has no use for the columns {listed(unread, 8)}."])
    say_notes(manifest.notes)
    if manifest.problems:
        say_problems(manifest)
        raise InputError(f"{manifest.name}: nothing can be prepared before that is mended.")
    configure_jax()
    from simgait.learning.config_file import load_config
    from simgait.learning.progress import Progress
    from simgait.learning.trial_set.build import EXCLUSIONS, SHARD_TRIALS, build_set, sentences_of
    from simgait.learning.trial_set.sources import FAILURES, set_recipe
    from simgait.resources import resource_dir

    config = load_config(Path(arguments.config or resource_dir("configs") / RECIPE))
    sources = sources_of(manifest)
    with stoppable(lambda: STOPPED, at_any_moment=True):
        built = build_set(
            sources,
            set_recipe(config),
            out,
            workers=arguments.workers or usable_cores(),
            shard_trials=arguments.shard_trials or SHARD_TRIALS,
            progress=Progress(),
        )
    failed = [one for one in built.excluded if one.reason in FAILURES]
    for sentence in sentences_of(failed):
        print(f"simgait: {sentence}", file=sys.stderr)
    print(f"{built.sentence}{f'; {EXCLUSIONS} says which' if built.excluded else ''}.")
    return 1 if failed else 0


def sources_of(manifest: Manifest) -> list[Source]:
    """The lines of a manifest as recordings to learn from."""
    return [_source(line) for line in manifest.lines]


def _source(line: Line) -> Source:
    from simgait.learning.trial_set.sources import Source

    problem = " ".join(line.problems)
    if line.path is None and not problem:
        problem = "names no file."
    return Source(
        line.trial or line.place,
        line.person,
        line.path or Path(),
        line.said,
        line.own.get(PART_COLUMN, "").strip(),
        problem,
    )
