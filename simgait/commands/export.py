"""`simgait export`: the numbers of a visit for another system."""

from __future__ import annotations

import argparse
from pathlib import Path

from simgait.commands.new_file import refuse_existing

EPILOG = """\
example:
  simgait export results --to fhir -o visit.json

RESULTS is a folder that `simgait track` or `simgait walk` wrote. Numbers that a walk's report says
are not to be used are left out.
"""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "export",
        help="write the numbers of a visit as a FHIR bundle",
        description="Write the numbers of a person's walks as a FHIR R4 Bundle of Observations, "
        "each with its 90 % interval.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("results", metavar="RESULTS", help="folder of the walks")
    parser.add_argument("--to", required=True, choices=("fhir",), help="kind of file")
    parser.add_argument("-o", "--out", required=True, metavar="FILE", help="file to write")
    parser.add_argument(
        "--person", metavar="CODE", help="whose walks, where the folder holds several people's"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace FILE")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Read and write.

    Raises:
        InputError: no folder of results, or the file is there or cannot be written.
    """
    from simgait.cohort.visit_files import read_visit
    from simgait.files import write_whole
    from simgait.parameters.wording import counted
    from simgait.report.fhir import bundle_text, visit_bundle

    out = Path(arguments.out)
    refuse_existing(out, overwrite=arguments.overwrite)
    bundle = visit_bundle(read_visit(Path(arguments.results), arguments.person))
    write_whole(out, bundle_text(bundle))
    print(f"wrote {out.name}: {counted(len(bundle['entry']), 'observation')}")
    return 0
