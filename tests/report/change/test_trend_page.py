"""The page of several visits, as far as its layout follows their number."""

from __future__ import annotations

from pathlib import Path

import pytest

from simgait.cohort.visit_files import read_visit
from simgait.compare.visit_trend import visit_trend
from simgait.report.change.trend_page import trend_page
from tests.visit_folders import visit_folder


@pytest.mark.parametrize(("count", "is_many"), [(3, False), (9, True)])
def test_a_table_of_many_visits_is_printed_small_enough_for_the_sheet(
    count: int, is_many: bool, tmp_path: Path
) -> None:
    number = {("velocity_mps", "both"): (1.0, 0.02)}
    visits = [read_visit(visit_folder(tmp_path / f"v{n}", [number])) for n in range(count)]
    assert ('class="stack over many"' in trend_page(visit_trend(visits))) == is_many
