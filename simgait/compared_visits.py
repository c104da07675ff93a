"""What `import simgait` offers of visits of one person: what changed, both sides, the trend.

Each visit is a folder of results, as `simgait track` writes it. Heavy packages load when first
needed.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from simgait.compare.visit_change import VisitChange
    from simgait.compare.visit_sides import VisitSides
    from simgait.compare.visit_trend import VisitTrend

    PathLike = str | os.PathLike[str]


def compare_visits(before: PathLike, after: PathLike, *, person: str | None = None) -> pd.DataFrame:
    """What changed between two visits of one person, a row for each number and side.

    Joint peaks and ranges are among the numbers, by their names in `joint_peaks.csv`.
    Columns: parameter, side, unit, before, after, difference, the ends of its 95 % interval
    (difference_lo, difference_hi), detectable (the minimal detectable change), matters, shown
    ("changed", "not shown", "not comparable"), walks_before, walks_after, walk_sd, why. Joint
    angles over the cycle: `visit_change`.

    Args:
        before: folder of results of the first visit.
        after: the same of the second.
        person: whose walks, where the folders hold several people's.

    Raises:
        InputError: a folder is none of results, or the visits cannot be compared.
    """
    import pandas as pd

    from simgait.compare.visit_change import HEADER

    found = visit_change(before, after, person=person)
    return pd.DataFrame([row.cells() for row in found.numbers], columns=list(HEADER))


def visit_change(before: PathLike, after: PathLike, *, person: str | None = None) -> VisitChange:
    """What changed between two visits of one person, as the page of `simgait compare` has it.

    Args:
        before: folder of results of the first visit.
        after: the same of the second.
        person: whose walks, where the folders hold several people's.

    Returns:
        `.numbers` and `.curves`. Each curve has its `.curve` (joint angle), `.side` and `.found`
        over 0 to 100 % of the cycle, in degrees: `.before`, `.after`, `.difference`, `.half_width`
        of its 90 % band, `.detectable`, `.beyond` (where the difference is larger), `.spans` (the
        stretches where it is) and `.shown`, the verdict of the whole curve.

    Raises:
        InputError: a folder is none of results, or the visits cannot be compared.
    """
    from simgait.cohort.visit_files import read_visit
    from simgait.compare import visit_change as room

    return room.visit_change(read_visit(Path(before), person), read_visit(Path(after), person))


def visit_sides(visit: PathLike, *, person: str | None = None) -> VisitSides:
    """Left and right of one visit, as the page of `simgait compare --sides` has it.

    Args:
        visit: folder of its results.
        person: whose walks, where the folder holds several people's.

    Returns:
        `.numbers` and `.curves`; of a curve as in `visit_change`, `.found.before` is the right
        side, `.found.after` the left, and "changed" means that the sides differ.

    Raises:
        InputError: the folder is none of results.
    """
    from simgait.cohort.visit_files import read_visit
    from simgait.compare import visit_sides as room

    return room.visit_sides(read_visit(Path(visit), person))


def visit_trend(visits: Sequence[PathLike], *, person: str | None = None) -> VisitTrend:
    """Three visits of one person or more, as the page of `simgait compare` has them.

    Args:
        visits: folders of their results, the first visit first.
        person: whose walks, where the folders hold several people's.

    Returns:
        `.numbers` and `.curves`. Each curve has `.means`, of every visit, and `.changes`, of each
        later visit from the first as in `visit_change`; `.last` is that of the last one. Each
        number has `.in_between`, a sentence on what changed between the first visit and the last
        ("" where nothing is shown), and `.between`, what it rests on.

    Raises:
        InputError: a folder is none of results, there are fewer than three, or they cannot be
            compared.
    """
    from simgait.cohort.visit_files import read_visit
    from simgait.compare import visit_trend as room
    from simgait.errors import InputError

    if isinstance(visits, (str, os.PathLike)):
        raise InputError("visits: this is one folder; give a list of them, the first visit first.")
    return room.visit_trend([read_visit(Path(visit), person) for visit in visits])
