"""Labels of two visits: what is taken, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from simgait.cohort.visit_files import read_visit
from simgait.compare.visit_change import visit_change
from simgait.compare.visit_names import BEFORE_AFTER, LONGEST_LABEL, visit_names
from simgait.errors import InputError
from tests.visit_folders import visit_folder

SPEED, STANCE = ("velocity_mps", "both"), ("stance_percent", "left")


def test_nothing_said_is_before_and_after() -> None:
    assert visit_names(None) is BEFORE_AFTER
    assert BEFORE_AFTER.visits == ("the first visit", "the second visit")


@pytest.mark.parametrize(
    "said", ["without,with", "no AFO,carbon AFO", "barefoot , shoes and cane", "Januar 2026,März"]
)
def test_labels_are_words(said: str) -> None:
    names = visit_names(said)
    assert f"{names.before},{names.after}" == said.replace(" , ", ",") and names.is_given


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("with", "give two labels"),
        ("a,b,c", "give two labels"),
        (",with", "a label is empty"),
        ("without, ", "a label is empty"),
        ("With,with ", "both labels are 'With'"),
        (f"{'x' * (LONGEST_LABEL + 1)},y", "too long"),
        ("/home/jane/a,b", "without slashes"),
        ("<b>,c", "angle brackets"),
        ("a\x1b[31m,b", "a label is words"),
        ("Anna Meier,with", "looks like a person's name"),
        ("anna meier,with", "looks like a person's name"),
        ("with,orthosis of Meier_Anna", "looks like a person's name"),
    ],
)
def test_what_is_no_label_is_refused_in_a_sentence(said: str, why: str) -> None:
    with pytest.raises(InputError, match=why) as refused:
        visit_names(said)
    assert "--names" in str(refused.value) and "eier" not in str(refused.value)


def test_every_sentence_uses_the_labels(tmp_path: Path) -> None:
    first = visit_folder(
        tmp_path / "a", [{SPEED: (1.0, 0.02)}], recorded_on="2026-03-01", heights_m=(1.80,)
    )
    second = visit_folder(
        tmp_path / "b", [{SPEED: (1.0, 0.02), STANCE: (60.0, 1.0)}] * 2, recorded_on="2026-02-01"
    )
    found = visit_change(read_visit(first), read_visit(second), visit_names("without,with"))
    told = [*found.notes, *(row.why for row in found.numbers if row.why)]
    assert "it may be used in no walk of “without”" in told
    assert any("1.80 m tall in “without” and 1.72 m in “with”" in note for note in told)
    assert any(note.startswith("“without” was recorded after “with”") for note in told)
    assert any(note.startswith("“without” is one walk") for note in told)
    assert not any("first visit" in note or "second visit" in note for note in told)
