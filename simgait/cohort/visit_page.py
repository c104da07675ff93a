"""The page of one visit, made from a folder of results."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from simgait.cohort.visit_files import read_visit
from simgait.compare.visit_means import VisitMeans, visit_means
from simgait.errors import InputError
from simgait.report.visit.page import FILES, PAGE, write_visit


def write_visit_page(
    folder: Path, page: Path | None = None, person: str | None = None
) -> VisitMeans:
    """Writes the page of the visit whose walks a folder holds, and the table beside it.

    Args:
        folder: of results, as `simgait track` writes it.
        page: file to write; None = visit.html in the folder. It links to the reports of the walks
            where it lies in the folder.
        person: code of whose walks are meant; None where the folder holds one person's.

    Raises:
        InputError: it is no such folder, holds walks of several people or visits, or the page
            cannot be written.
    """
    page = folder / PAGE if page is None else page
    found = visit_means(read_visit(folder, person))
    write_visit(page, found, linked=page.parent.resolve() == folder.resolve())
    return found


def remove_visit_page(folder: Path) -> None:
    """Takes away the page of a visit whose walks are about to change."""
    for name in FILES:
        (folder / name).unlink(missing_ok=True)


def write_visit_page_if_one(folder: Path, tell: Callable[[str], None]) -> None:
    """The page of a folder whose walks were tracked as one visit; says why there is none."""
    try:
        write_visit_page(folder)
    except InputError as error:
        tell(f"note: there is no {PAGE}: {error}")
    else:
        tell(f"the visit on one page: {folder / PAGE}")
