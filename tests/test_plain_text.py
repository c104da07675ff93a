"""What strangers wrote: nothing of it steers a terminal, a page or a table."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simgait.cli import main
from simgait.errors import InputError
from simgait.files import append_csv_row, csv_text, write_text
from simgait.plain_text import PlainStream, listed, printable
from simgait.report.index import IndexRow, write_index


def test_few_are_named_and_the_others_counted() -> None:
    assert listed(["a", "b", "c"]) == "a, b, c"
    assert listed(["a", "b", "c", "d"]) == "a, b, c and 1 more"
    assert listed(["a", "b", "c"], 1, "points") == "a and 2 more points"
    assert listed([]) == ""


ESCAPES = ("\x1b[2J", "\x9b31m", "\x07", "\x00", "\x7f", "\u202e", "\u2066", "\ud83d")


@given(st.text())
def test_layout_and_printable_text_stay_and_nothing_else_does(text: str) -> None:
    shown = printable(text)
    assert len(shown) == len(text) and printable(shown) == shown
    assert all(c.isprintable() or c in "\t\n\r" or not c.isascii() for c in shown)
    shown.encode("utf-8")


@pytest.mark.parametrize("escape", ESCAPES)
def test_a_control_character_is_shown_as_a_mark(escape: str) -> None:
    assert printable(f"a{escape}b") == f"a\ufffd{escape[1:]}b"
    assert str(InputError(f"{escape}.npz: no")) == f"\ufffd{escape[1:]}.npz: no"


def test_a_sentence_is_one_line_whatever_it_quotes() -> None:
    assert str(InputError("line 3 holds '5.6\r\n w3\t0.9'; mend it.")) == (
        "line 3 holds '5.6 w3 0.9'; mend it."
    )


def test_a_stream_prints_what_its_encoding_has_not() -> None:
    raw = io.BytesIO()
    stream = PlainStream(io.TextIOWrapper(raw, encoding="ascii"))
    stream.write("−0.1 m/s \x1b[31m\udcfc\n")
    stream.flush()
    assert raw.getvalue() == b"?0.1 m/s ?[31m?\n"


@pytest.mark.parametrize("argv", [["inspect", "\x1b[2Jno.npz"], ["convert", "M\udcfcller.npz"]])
def test_the_command_line_prints_no_control_characters(argv, tmp_path, capsys) -> None:
    out = ["-o", str(tmp_path / "w.npz")] if argv[0] == "convert" else []
    assert main([*argv, *out]) == 1
    printed = "".join(capsys.readouterr())
    assert printable(printed) == printed and "\ufffd" in printed


def test_pages_and_tables_hold_no_control_characters(tmp_path) -> None:
    write_index(tmp_path, [IndexRow("w1", reason="\x1b[31mred")])
    page = (tmp_path / "index.html").read_text()
    assert "\x1b" not in page and "\ufffd[31mred" in page
    write_text(tmp_path / "a.csv", csv_text(("trial",), [("\x1b[31mred",)]))
    append_csv_row(tmp_path / "log.csv", {"name": "\x1b[31mred"})
    for name in ("a.csv", "log.csv"):
        assert b"\x1b" not in (tmp_path / name).read_bytes()
