"""The first sheet as a Word document: what it says is what the page says."""

from __future__ import annotations

import html
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.table import Table as DocxTable

from simgait.errors import InputError
from simgait.findings import Code, Finding
from simgait.gait.walk_scores import with_scores
from simgait.recordings.person_facts import PersonFacts
from simgait.report.trial.page import trial_page
from simgait.report.trial.verdict import judge
from simgait.report.word.document import check_word, word_beside
from tests.gait.conftest import made_up_strides
from tests.report.trial.test_first_sheet import with_steps

PERSON = PersonFacts(63.0, "female", ("cane",), "G81.1")


@pytest.fixture(scope="module")
def page(made: tuple[Any, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a walk with scores, short steps, and phases that are not to be used."""
    trial, rollout, result, *_ = made
    result = with_scores(with_steps(result, 0.30, 0.36, 0.01), made_up_strides().reference())
    verdict = judge(trial, rollout, result, None)
    doubt = (Finding(Code.NO_TOE),)
    numbers = tuple(
        replace(n, doubts=doubt) if n.key == "stance_percent" else n for n in verdict.numbers
    )
    text = trial_page(
        trial, rollout, result, replace(verdict, numbers=numbers), {}, None, person=PERSON
    )
    path = tmp_path_factory.mktemp("walk") / "report.html"
    path.write_text(text, encoding="utf-8")
    return path


def words_of_page(path: Path) -> list[str]:
    """The words of the first sheet on paper, with every finding, without those of drawings."""
    sheet = path.read_text(encoding="utf-8").split('<div class="sheet">')[1]
    sheet = sheet.split('<div class="details">')[0]
    sheet = re.sub(r"<svg.*?</svg>", " ", sheet, flags=re.DOTALL)
    sheet = re.sub(r'<section class="tiles noprint".*?</section>', " ", sheet, flags=re.DOTALL)
    sheet = re.sub(
        r'<p class="(evidence noprint|usable noprint|usable onpaper)">.*?</p>', " ", sheet
    )
    return html.unescape(re.sub(r"<[^>]+>", " ", sheet)).split()


def words_of_document(path: Path) -> list[str]:
    document = docx.Document(str(path))
    texts = []
    for block in document.iter_inner_content():
        if isinstance(block, DocxTable):
            texts += [cell.text for row in block.rows for cell in row.cells]
        else:
            texts.append(block.text)
    return [word for word in " ".join(texts).split() if word != "·"]


def test_the_document_says_what_the_first_sheet_says(page: Path) -> None:
    found = words_of_document(word_beside(page))
    wanted = [word for word in words_of_page(page) if word != "·"]
    # A page's table of who walks goes fact by fact, the document's by rows.
    assert sorted(found) == sorted(wanted)
    figures = wanted.index("Asymmetry")
    assert found[found.index("Asymmetry") :] == wanted[figures:]
    text = " ".join(found)
    for said in ("63 years", "women of 50 to 84 years", "↓ low", "do not use", "G81.1", "R > L"):
        assert said in text, said


def test_looks_are_kept_and_pictures_are_described(page: Path) -> None:
    document = docx.Document(str(word_beside(page)))
    heads, figures, peaks = document.tables
    assert [cell.text for cell in heads.rows[0].cells][:2] == ["Code", "Age"]
    rows = {row.cells[0].text: row.cells for row in figures.rows}
    stance = next(cells for name, cells in rows.items() if name.startswith("Stance"))
    struck = [run.text for run in stance[1].paragraphs[0].runs if run.font.strike]
    assert struck and "60" in "".join(struck)
    assert all(run.bold for run in figures.rows[0].cells[1].paragraphs[0].runs)
    assert str(figures.rows[0].cells[1].paragraphs[0].runs[0].font.color.rgb) == "B34700"
    assert peaks.rows[0].cells[-1].text == "Adults"
    labels = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert [label.split(" (")[0] for label in labels[:3]] == [
        "Hip flexion", "Knee flexion", "Ankle dorsiflexion",
    ]  # fmt: skip
    assert labels[3].startswith("Movement Analysis Profile")
    section = document.sections[0]
    assert section.page_width is not None and section.page_width.mm == pytest.approx(210, abs=0.1)


def test_it_names_nobody_and_no_folder(page: Path) -> None:
    file = word_beside(page)
    properties = docx.Document(str(file)).core_properties
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert properties.title == "walk-01 · gait report"
    content = file.read_bytes()
    assert str(page.parent).encode() not in content and b"python-docx" not in content
    assert not [word for word in words_of_document(file) if word.startswith("/")]
    assert sorted(one.name for one in page.parent.iterdir()) == ["report.docx", "report.html"]


def test_a_page_that_is_no_report_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "report.html"
    other.write_text("<html><p>hello</p></html>", encoding="utf-8")
    with pytest.raises(InputError, match=r"report.html: is no report with a first sheet"):
        word_beside(other)
    with pytest.raises(InputError, match="no such file"):
        word_beside(tmp_path / "gone.html")
    assert not list(tmp_path.glob("*.docx"))


def test_without_the_extra_one_sentence_says_how_to_get_it(monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    check_word(False)
    with pytest.raises(InputError, match=r"needs python-docx, .*pip install 'simgait\[docx\]'"):
        check_word(True)
