"""The page of one visit: what a clinician files of the walks of one day."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from simgait.compare.visit_means import VisitMeans
from simgait.compare.visit_walks import Pooled, WalkNumbers
from simgait.files import safe_id, without_folders
from simgait.findings import Code
from simgait.parameters.catalogue import parameters
from simgait.parameters.curves import CURVES
from simgait.parameters.normative_curves import normative_band
from simgait.parameters.parameter import WALK_SDS_FROM, Pool
from simgait.parameters.tracked_verdict import USE_NONE
from simgait.parameters.wording import counted
from simgait.report.change.page_files import write_page_files
from simgait.report.number_names import numbers_in_words
from simgait.report.page import render
from simgait.report.trial.cycle_curves import KEY_COORDINATES, walk_curves
from simgait.report.trial.first_sheet import head_of, mass_text
from simgait.report.trial.page import VERDICT_MARKS
from simgait.report.visit import numbers
from simgait.report.words import NOT_TRACKED, TITLES

FILES = (PAGE, TABLE, PDF) = ("visit.html", "visit.csv", "visit.pdf")
"""In the folder of the walks; the PDF where it was asked for."""
MOST_WALKS = 6
"""Walks on the first printed sheet, a line each; the second has all, whole."""
OF_WIDTHS = frozenset(
    (Code.INTERVAL_TOO_WIDE, Code.INTERVAL_WIDE, Code.SINGLE_VALUES, Code.SCORES_ROUGH)
)
"""Findings on how far off a walk's numbers may be, which a visit's numbers say for themselves."""
METHOD = (
    "A visit's number is the mean over the walks in which it may be used, all weighted equally; a "
    "walk's own report says in which it may not. SD is that between these walks.",
    "± is half of the 90 % interval of the mean. It combines two errors. The measurement error is "
    "taken from the 90 % intervals of the walks; all walks of a visit share it, so it does not "
    "shrink with their number. The variation from one walk to the next is taken from the walks, "
    f"together with a typical value that counts as four more walks ({WALK_SDS_FROM}); of numbers "
    "without a typical value one walk alone has no interval.",
    "Low, high: the mean and its whole interval lie outside the normal range of every walk. "
    "≈ rough: the interval reaches further than a difference that matters to a clinician; do not "
    "use: further than twice that, or no walk has a number that may be used. A score is rough, "
    "too, where that of a walk is.",
    "Asymmetry: (left − right) ÷ the mean of both, of the walks that have both sides; its ± takes "
    "the worst case, in which the errors of both sides add up. L > R and R > L stand where the "
    "interval leaves out 0.",
)


def write_visit(page: Path, found: VisitMeans, *, linked: bool) -> None:
    """Writes the page and, beside it under the same name, its table: both or neither.

    An older PDF of the page is removed.

    Args:
        page: file to write, "visit.html".
        found: what it shows.
        linked: the page lies in the folder of the walks, and links to their reports.

    Raises:
        InputError: the folder cannot be written to.
    """
    html, table = visit_page(found, linked=linked), numbers.table_text(found)
    write_page_files(page.parent, {page.with_suffix(".csv").name: table, page.name: html})
    page.with_suffix(".pdf").unlink(missing_ok=True)


def visit_page(found: VisitMeans, *, linked: bool) -> str:
    """The page as HTML; `linked` as of `write_visit`."""
    visit = found.visit
    level = numbers.verdict_of(found)
    key, others = (numbers.shown(found, first_sheet=first) for first in (True, False))
    walks = list(_walks(found, linked=linked))
    return render(
        "visit.html",
        head=head_of(
            visit.person, found.said, visit.height_m, visit.recorded_on,
            height_is_estimated=not visit.height_is_stated, mass=mass_text(visit.mass_kg),
        ),
        facts=_facts(found),
        level=level,
        title=f"{VERDICT_MARKS[level]} {TITLES[level]}",
        **_levels(found),
        shared=[without_folders(text) for text in _shared(found)],
        curves=_curves(found, on_sheet=True),
        other_curves=_curves(found, on_sheet=False),
        has_band=not found.said.is_child,
        key_rows=numbers.rows(found, first_sheet=True),
        key_norms=numbers.norm_note(found, key),
        references=" and ".join(numbers.score_references(found)),
        rows=numbers.rows(found, first_sheet=False),
        norms=numbers.norm_note(found, others),
        sources=numbers.norm_sources(found),
        walks=walks,
        more=counted(len(walks) - MOST_WALKS, "more recording") if len(walks) > MOST_WALKS else "",
        method=METHOD,
        on_sheets=(visit.person, "visit", visit.recorded_on),
    )  # fmt: skip


def _facts(found: VisitMeans) -> str:
    visit, told = found.visit, []
    unused = sum(not walk.numbers for walk in visit.walks)
    told.append(counted(len(visit.walks), "walk"))
    if unused:
        told.append(f"no number of {unused} of them may be used")
    if visit.left_out:
        told.append(f"{counted(len(visit.left_out), 'recording')} left out")
    return " · ".join(told)


def _levels(found: VisitMeans) -> dict[str, str]:
    """The numbers of each level in words."""
    return {
        name: numbers_in_words((one.label, pool) for one, pool in numbers.with_level(found, name))
        for name in ("use", "rough", "single", "do_not_use")
    }


def _found(walk: WalkNumbers) -> list[str]:
    """Findings of a walk, the gravest first; without those on how far off its numbers may be."""
    return [text for code, text in walk.about.findings if code not in OF_WIDTHS]


def _shared(found: VisitMeans) -> list[str]:
    """Findings that all walks have; of one walk alone they are its own."""
    first, *others = map(_found, found.visit.walks)
    return [text for text in first if others and all(text in other for other in others)]


def _curves(found: VisitMeans, *, on_sheet: bool) -> list[Markup]:
    """A panel for hip, knee and ankle in the sagittal plane, or for each of the other angles."""
    band = (lambda coordinate: None) if found.said.is_child else normative_band
    return [
        walk_curves(curve, found.curves[curve.coordinate], band)
        for curve in CURVES
        if (curve.coordinate in KEY_COORDINATES) == on_sheet
    ]


def _walks(found: VisitMeans, *, linked: bool) -> Iterator[dict[str, Any]]:
    """A line for each walk, and for each recording that gave none."""
    shared = _shared(found)
    for walk in found.visit.walks:
        level = walk.about.verdict
        yield {
            "name": safe_id(walk.folder),
            "link": f"{quote(walk.folder)}/report.html" if linked else "",
            "level": level,
            "verdict": {str(known): title for known, title in TITLES.items()}.get(level, "–"),
            **_doubts(walk, shared),
        }
    for one in found.visit.left_out:
        yield {
            "name": safe_id(one.name),
            "link": "",
            "level": one.verdict,
            "verdict": f"{NOT_TRACKED[one.verdict]}, left out",
            "text": without_folders(one.why),
            "lost": "",
        }


def _doubts(walk: WalkNumbers, shared: list[str]) -> dict[str, str]:
    """The gravest finding of a walk that not all have, how many more there are, what is lost."""
    first, *others = [text for text in _found(walk) if text not in shared] or [""]
    lost = numbers_in_words(_in_order(walk.denied))
    if walk.about.verdict == USE_NONE:
        first, lost = f"Left out of all means. {first}".rstrip(), ""
    elif not first:
        first, lost = f"Not to be used: {lost}." if lost else "No doubt of its own.", ""
    more = f" And {counted(len(others), 'more finding')} in its report." if others else ""
    return {"text": without_folders(f"{first}{more}"), "lost": lost}


def _in_order(denied: Collection[Pooled]) -> Iterator[tuple[str, Pool]]:
    """Labels and sides of numbers, in the catalogue's order."""
    return (
        (one.label, pool) for one in parameters() for pool in one.pools if (one.key, pool) in denied
    )
