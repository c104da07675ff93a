"""What the index looks like on a telephone, and how it is sorted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from simgait.report.index import IndexRow, write_index
from simgait.report.page import with_labels
from tests.report.telephone import BEYOND, measured

ROWS = [
    IndexRow("walk-10", "walk-10/report.html", "use_some", "A reason.", "S2", "",
             frozenset({"velocity_mps"}), values={"velocity_mps": {"both": 1.5}}),
    IndexRow("walk-2", "walk-2/report.html", "use_all", person="S1",
             values={"velocity_mps": {"both": 0.9}, "step_length_m": {"left": 0.6, "right": 0.5}}),
    IndexRow("bad", reason="It is broken; export it again."),
]  # fmt: skip


@pytest.fixture
def index(tmp_path: Path) -> str:
    return write_index(tmp_path / "out", ROWS).read_text()


def test_nothing_of_an_index_is_cut_off_on_a_telephone(tmp_path: Path, index: str) -> None:
    assert measured(tmp_path, index, BEYOND) == []


def test_a_long_reason_is_read_whole_beside_a_table_that_goes_on(tmp_path: Path) -> None:
    wide = IndexRow("wide", reason="A reason. " * 60, person="P" * 90)
    page = write_index(tmp_path / "out", [wide, *ROWS]).read_text()
    beyond = """
      const region = page.querySelector('.scroll');
      const right = region.getBoundingClientRect().right;
      const reasons = [...page.querySelectorAll('td.reason > span')];
      return [region.scrollWidth > region.clientWidth, reasons.length,
        reasons.filter((r) => r.getBoundingClientRect().right > right + 1).length];
    """
    assert measured(tmp_path, page, beyond, width_px=900) == [True, 3, 0]


def test_the_index_is_sorted_by_any_column_and_back(tmp_path: Path, index: str) -> None:
    orders = measured(tmp_path, index, """
      const bodies = () => [...page.querySelectorAll('tbody')];
      const order = () => bodies().map((b) => b.rows[0].cells[0].innerText);
      const buttons = [...page.querySelectorAll('th button')];
      const said = [order()];
      for (const name of ['Trial', 'Trial', 'Walking', 'Verdict']) {
        const button = buttons.find((b) => b.innerText.startsWith(name));
        if (button.tabIndex !== 0) return 'not reached by the keyboard';
        button.click();
        said.push([order(), button.closest('th').getAttribute('aria-sort')]);
      }
      said.push(bodies().map((b) => b.rows.length));
      return said;
    """)  # fmt: skip
    assert orders == [
        ["walk-10", "walk-2", "bad"],
        [["bad", "walk-2", "walk-10"], "ascending"],  # 2 before 10
        [["walk-10", "walk-2", "bad"], "descending"],
        [["walk-2", "walk-10", "bad"], "ascending"],  # what is missing stays last
        [["walk-2", "walk-10", "bad"], "ascending"],
        [1, 2, 2],  # a reason goes with its trial
    ]


def test_the_index_shows_only_rows_of_a_person_a_verdict_or_a_text(
    tmp_path: Path, index: str
) -> None:
    found = measured(tmp_path, index, """
      const shown = () => [...page.querySelectorAll('tbody')].filter((b) => b.offsetHeight)
        .map((b) => b.rows[0].cells[0].innerText);
      const said = () => [shown(), page.getElementById('shown').textContent];
      function choose(id, value) {
        const one = page.getElementById(id);
        if (one.tabIndex !== 0 || !one.offsetHeight) return 'not reached by the keyboard';
        one.value = value;
        one.dispatchEvent(new Event(id === 'find' ? 'input' : 'change'));
        return said();
      }
      const options = [...page.getElementById('person').options].map((o) => o.innerText);
      const verdicts = page.getElementById('verdict').options.length;
      return [options, verdicts, choose('person', 'S2'), choose('person', ''),
        choose('find', 'BROKEN; export'), choose('person', 'S1')];
    """)  # fmt: skip
    assert found == [
        ["all", "S1", "S2", "–"],
        4,
        [["walk-10"], "1 of 3 rows are shown."],
        [["walk-10", "walk-2", "bad"], ""],
        [["bad"], "1 of 3 rows are shown."],
        [[], "0 of 3 rows are shown."],
    ]


def test_one_row_has_nothing_to_choose_from(tmp_path: Path) -> None:
    page = write_index(tmp_path / "a", [IndexRow("a", level="use_all", person="S1")]).read_text()
    assert measured(tmp_path, page, "return page.getElementById('filters').offsetHeight;") == 0


def test_the_index_names_the_person_where_one_is_known(tmp_path: Path, index: str) -> None:
    assert (
        ">Person</th>" in index
        and 'data-sort="S2" data-filter="person" data-label="Person">S2</td>' in index
    )
    nameless = write_index(tmp_path / "b", [IndexRow("x", level="use_all")]).read_text()
    assert "Person" not in nameless


def test_the_index_has_the_date_where_a_file_states_one(tmp_path: Path, index: str) -> None:
    assert ">Date</th>" not in index
    rows = [*ROWS, IndexRow("late", level="use_all", recorded_on="2026-11-21")]
    dated = write_index(tmp_path / "b", rows).read_text()
    assert 'data-sort="2026-11-21" data-filter="date" data-label="Date">2026-11-21</td>' in dated
    assert dated.count('data-label="Date">–</td>') == len(ROWS)


def of_visits(folder: Path) -> str:
    """An index of two people, one with two visits, and of a recording without a date."""
    days = (("a", "S1", "2026-03-01"), ("b", "S1", "2026-09-01"), ("c", "S2", "2026-09-01"),
            ("d", "S1", "2026-03-01"), ("e", "S2", ""))  # fmt: skip
    rows = [
        IndexRow(name, level="use_all", person=person, recorded_on=day)
        for name, person, day in days
    ]
    return write_index(folder, rows).read_text()


def test_the_index_numbers_the_visits_of_each_person(tmp_path: Path) -> None:
    page = of_visits(tmp_path / "a")
    cell = 'data-filter="visit" data-label="Visit">([^<]*)<'
    assert re.findall(cell, page) == ["1", "2", "1", "1", "–"]
    assert '<label>Visit <select id="visit">' in page
    undated = write_index(tmp_path / "b", [IndexRow("x", level="use_all", person="S1")]).read_text()
    assert "Visit" not in undated


def test_the_index_shows_only_rows_of_a_visit(tmp_path: Path) -> None:
    found = measured(tmp_path, of_visits(tmp_path / "a"), """
      const shown = () => [...page.querySelectorAll('tbody')].filter((b) => b.offsetHeight)
        .map((b) => b.rows[0].cells[0].innerText);
      function choose(id, value) {
        const one = page.getElementById(id);
        if (one.tabIndex !== 0 || !one.offsetHeight) return 'not reached by the keyboard';
        one.value = value;
        one.dispatchEvent(new Event('change'));
        return shown();
      }
      const options = [...page.getElementById('visit').options].map((o) => o.innerText);
      const visit = [choose('visit', '1'), choose('person', 'S1'), choose('visit', '2')];
      const button = [...page.querySelectorAll('th button')].find((b) => b.innerText == 'Visit');
      choose('person', ''); choose('visit', ''); button.click();
      return [options, ...visit, button.tabIndex, shown()];
    """)  # fmt: skip
    assert found == [
        ["all", "1", "2", "–"],
        ["a", "c", "d"],
        ["a", "d"],
        ["b"],
        0,
        ["a", "c", "d", "b", "e"],
    ]


def test_numbers_are_marked_by_their_level(tmp_path: Path) -> None:
    row = IndexRow("a", level="use_some", single=frozenset({"left_step_length_m"}),
                   not_to_use=frozenset({"velocity_mps"}),
                   values={"velocity_mps": {"both": 1.2},
                           "step_length_m": {"left": 0.6, "right": 0.5}})  # fmt: skip
    page = write_index(tmp_path / "a", [row]).read_text()
    assert "<s title='not to be used'>1.20</s>" in page
    assert "60.0<sup title='of one cycle or step only'>†</sup> / 50.0" in page
    assert "Of one cycle or step only, which is no mean." in page
    plain = write_index(tmp_path / "b", [IndexRow("a", level="use_all")]).read_text()
    assert "which is no mean" not in plain and "Struck out" not in plain


def test_cells_know_their_headings() -> None:
    table = (
        '<table class="stack"><thead><tr><th scope="col">A <b>b</b></th><th>C &amp; D</th></tr>'
        '</thead><tbody><tr><td>1</td><td class="x">2</td></tr>'
        '<tr><td colspan="2">all</td></tr></tbody></table>'
    )
    assert with_labels(table).endswith(
        '<tbody><tr><td data-label="A b">1</td><td class="x" data-label="C &amp; D">2</td></tr>'
        '<tr><td colspan="2">all</td></tr></tbody></table>'
    )
