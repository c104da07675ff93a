"""`simgait reference`: healthy people to score walks against: built, taken over, shown."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from simgait.commands.new_file import add_new_file, new_file
from simgait.commands.option_values import number
from simgait.commands.reference_norms import add_norms
from simgait.errors import InputError

if TYPE_CHECKING:
    from simgait.gait.scores import ScoreReference

EXAMPLES = """\
examples:
  simgait reference build results -o own.json --name "our 30 volunteers"
      results of `simgait track` of healthy people, each named (--subject)
  simgait reference build controls.csv -o lab.json --name "our lab, 40 adults" --made-by "Plug-in Gait"
  simgait reference published features.csv controls.csv -o gillette.json --name "Gillette 2008"
      the two sheets of Schwartz & Rozumalski's addendum (459 rows of numbers each), saved as CSV
  simgait reference show lab.json
  simgait reference norms --kinematics Control_Kinematics.mat -o norms.csv --source "WAAAG's controls"
"""  # noqa: E501


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "reference",
        help="healthy people to score walks against",
        description="Make or show a reference for GDI and GPS. Angles of another system have other "
        "offsets: a reference is good for walks measured as its people were.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    _add_build(actions)
    _add_published(actions)
    add_norms(actions)
    shown = actions.add_parser("show", help="who is in a reference, and how far they spread")
    shown.add_argument("reference", metavar="FILE")
    shown.set_defaults(run=run_show)


def _add_build(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    build = actions.add_parser(
        "build",
        help="from healthy people's strides",
        description="Make a reference of at least ten healthy people, both sides of each, who "
        "must be named. Tables are those of `simgait scores`.",
    )
    build.add_argument("sources", nargs="+", metavar="SOURCE", help="results, tables, C3D files")
    _add_facts(build)
    build.add_argument(
        "--made-by",
        metavar="TEXT",
        help="what made the angles; results of `simgait track` say it themselves",
    )
    build.add_argument(
        "--features",
        metavar="REFERENCE",
        help="take the gait features of another reference (default: those of the released one, "
        "which were made of healthy and impaired walkers)",
    )
    build.add_argument(
        "--ages",
        nargs=2,
        type=number,
        metavar=("YOUNGEST", "OLDEST"),
        help="years of these people: the reference then holds the normal ranges of their gait "
        "parameters too, of walks that simgait tracked",
    )
    build.set_defaults(run=run_build)


def _add_published(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    published = actions.add_parser(
        "published",
        help="from a published set of features and controls",
        description="Take over a set of gait features and control gait vectors, as published with "
        "the Gait Deviation Index: two tables of 459 rows without a heading.",
    )
    published.add_argument("features", metavar="FEATURES.csv", help="459 × 15 gait features")
    published.add_argument("controls", metavar="CONTROLS.csv", help="459 × number of controls")
    _add_facts(published)
    published.set_defaults(run=run_published)


def _add_facts(parser: argparse.ArgumentParser) -> None:
    add_new_file(parser, "FILE.json", "the reference")
    parser.add_argument(
        "--name", required=True, help="that every score made with it carries; no person's name"
    )


def _out(arguments: argparse.Namespace, read: Sequence[str]) -> Path:
    return new_file(
        arguments.out, ".json", "a reference", overwrite=arguments.overwrite, inputs=read
    )


def run_build(arguments: argparse.Namespace) -> int:
    """Build and write a reference.

    Raises:
        InputError: a source cannot be read or names no people, or there are too few of them.
    """
    from simgait.cohort.reference_norms import norms_of_people
    from simgait.cohort.reference_people import healthy_people, reference_of_people
    from simgait.gait.known_scores import released_reference
    from simgait.gait.score_reference import far_people
    from simgait.gait.score_reference_file import read_reference, write_reference

    read = [*arguments.sources, *([arguments.features] if arguments.features else [])]
    out = _out(arguments, read)
    people = healthy_people([Path(source) for source in arguments.sources])
    for note in people.notes:
        print(f"simgait: {note}", file=sys.stderr)
    made_by = arguments.made_by or people.pipeline
    if not made_by:
        raise InputError("Say what made the angles with --made-by; the files do not.")
    if people.pipeline and made_by != people.pipeline:
        raise InputError(f"--made-by: the results say {people.pipeline}; leave it out.")
    source = arguments.features
    other = read_reference(Path(source)) if source else released_reference()
    reference = reference_of_people(people, other, arguments.name, made_by)
    if arguments.ages:
        walks = [Path(one) for one in arguments.sources]
        norms = norms_of_people(walks, tuple(arguments.ages), arguments.name)
        reference = replace(reference, norms=norms)
    for person in far_people(people.curves_deg, people.people, reference):
        print(
            f"simgait: {person}: lies far from the others; look at these curves, and leave them "
            "out if they are wrong or not healthy.",
            file=sys.stderr,
        )
    write_reference(out, reference)
    show(reference)
    return 0


def run_published(arguments: argparse.Namespace) -> int:
    """Take over a published set.

    Raises:
        InputError: a table is not of 459 rows of numbers, or not what it should be.
    """
    from simgait.cohort.reference_people import published_table
    from simgait.gait.score_reference import published_reference
    from simgait.gait.score_reference_file import write_reference

    out = _out(arguments, [arguments.features, arguments.controls])
    features, controls = (
        published_table(Path(one)) for one in (arguments.features, arguments.controls)
    )
    reference = published_reference(
        features,
        controls,
        name=arguments.name,
        origin=f"{controls.shape[1]} published control vectors; people are not told apart.",
        pipeline="Plug-in Gait as in Schwartz & Rozumalski 2008",
    )
    write_reference(out, reference)
    show(reference)
    return 0


def run_show(arguments: argparse.Namespace) -> int:
    """Print what a reference holds.

    Raises:
        InputError: it cannot be read.
    """
    from simgait.gait.score_reference_file import read_reference

    show(read_reference(Path(arguments.reference)))
    return 0


def show(reference: ScoreReference) -> None:
    """Prints what a reference holds."""
    from simgait.gait.score_reference_file import reference_sha256
    from simgait.gait.scores import SCORED_ANGLES
    from simgait.parameters.catalogue import parameter

    print(f"{reference.name}: {reference.origin}")
    print(f"  angles made by: {reference.pipeline}")
    # A published set does not say whose legs its vectors are.
    people = f"{reference.people} people, " if reference.people < reference.sides else ""
    print(
        f"  {people}{reference.sides} sides, {reference.strides} strides; "
        f"{reference.features.shape[1]} gait features"
    )
    print(
        f"  ln(distance) {reference.mean_log_distance:.4f} ± {reference.sd_log_distance:.4f}; "
        f"GPS of these people {reference.median_profile_score_deg:.1f}° (median)"
    )
    for i, name in enumerate(SCORED_ANGLES):
        mean = reference.mean_curves_deg[i]
        print(
            f"  {name:20s} {mean.min():6.1f} to {mean.max():5.1f}°, "
            f"GVS {reference.median_variable_scores_deg[i]:.1f}° (median)"
        )
    for row in reference.norms:
        one = parameter(row.parameter)
        print(
            f"  {one.label}: {one.display.text(row.mean)} {one.display.unit.symbol}, SD "
            f"{one.display.width(row.sd)}, of {row.n} people of {row.age_from_years:g} to "
            f"{row.age_to_years - 1.0:g} years, as if {row.height_m:g} m tall"
        )
    print(f"  SHA-256 {reference_sha256(reference)}")
