"""Bytes of strangers as text, JSON and TOML: whatever wrote them, text or one sentence."""

import json
import os
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simgait.errors import InputError
from simgait.text_files import (
    DEEPEST,
    decoded,
    is_deeper,
    parse_json,
    read_facts,
    read_json,
    read_outside_text,
    read_toml,
    table_text,
)

TEXT = "Frame;Müller – 1,5 µm\nnext line\n"


@pytest.mark.parametrize(
    ("encoding", "note"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("utf-32", "UTF-32"),
        ("windows-1252", "Windows-1252"),
    ],
)
def test_text_of_any_usual_encoding(encoding: str, note: str) -> None:
    read = decoded(TEXT.encode(encoding), "w.csv")
    assert read.text == TEXT
    assert (note in read.note) if note else read.note == ""


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b"a\0b", b"\xff\xfea", b"\x00\x00\x00\x01" * 40]
)
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match=r"w\.csv: is not"):
        decoded(content, "w.csv")


@given(st.binary(max_size=64))
def test_any_bytes_are_text_or_a_sentence(content: bytes) -> None:
    try:
        assert "\0" not in decoded(content, "x").text
    except InputError as error:
        assert str(error).startswith("x: ")


def test_files_that_cannot_be_read(tmp_path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_outside_text(tmp_path / "a.csv")
    with pytest.raises(InputError, match="is a folder"):
        read_outside_text(tmp_path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[" * 200_000, "nested too deeply"),
        ('{"a": [1, 2', "no complete JSON"),
        ('{"fps": ' + "1" * 5000 + "}", "a whole number of thousands of digits"),
    ],
)
def test_json_that_is_none(text: str, words: str) -> None:
    with pytest.raises(InputError, match=f"w.json: .*{words}"):
        parse_json(text, "w.json")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a = " + b"[" * 20_000, "nested too deeply|not a TOML file"),
        (b"x = " + b"{y=" * 100_000 + b"1" + b"}" * 100_000, "nested too deeply"),
        (b"x = " + b"[" * 100 + b"]" * 100, "nested too deeply"),
        (b".".join([b"x"] * 100_000) + b" = 1", "nested too deeply"),
        (b"[" + b" . ".join([b'"x"'] * 100_000) + b"]", "nested too deeply"),
        (b"[ppo", "not a TOML file"),
        (b"a = " + b"1" * 5000, "not a TOML file"),
        (b"\xff\xfe\x00", "is not the UTF-16 text"),
    ],
)
def test_toml_that_is_none(content: bytes, words: str, tmp_path) -> None:
    (tmp_path / "r.toml").write_bytes(content)
    with pytest.raises(InputError, match=f"r.toml: .*({words})"):
        read_toml(tmp_path / "r.toml")


def test_json_and_toml_in_other_encodings(tmp_path) -> None:
    (tmp_path / "a.json").write_bytes(
        json.dumps({"name": "ü"}, ensure_ascii=False).encode("utf-16")
    )
    (tmp_path / "a.toml").write_bytes('name = "Müller"\r\nrate = 1\r\n'.encode("latin-1"))
    assert read_json(tmp_path / "a.json") == {"name": "ü"}
    assert read_toml(tmp_path / "a.toml") == {"name": "Müller", "rate": 1}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[1, 2]", "is a list"), (b"7", "is one value"), (b"null", "is empty"),
        (b'"x"', "is a text"), (b"", "no complete JSON"),
        (b'{"x":' * 100_000 + b"1" + b"}" * 100_000, "nested too deeply"),
        (b'{"x":' + b"[" * 100 + b"]" * 100 + b"}", "nested too deeply"),
    ],
)  # fmt: skip
def test_facts_are_names_with_values(content: bytes, words: str, tmp_path) -> None:
    (tmp_path / "card.json").write_bytes(content)
    with pytest.raises(InputError, match=f"card.json: .*{words}"):
        read_facts(tmp_path / "card.json")
    (tmp_path / "card.json").write_bytes(b'{"steps": 7}')
    assert read_facts(tmp_path / "card.json") == {"steps": 7}


def test_depth_is_counted_in_dicts_and_lists() -> None:
    assert not is_deeper({"a": [1]}, 2) and is_deeper({"a": [1]}, 1)
    assert not is_deeper({}, 1)
    value: object = 1
    for _ in range(DEEPEST):
        value = [value]
    assert not is_deeper(value, DEEPEST) and is_deeper([value], DEEPEST)


@pytest.mark.skipif(sys.platform == "win32", reason="no such pipes there")
def test_a_pipe_is_not_waited_for(tmp_path) -> None:
    os.mkfifo(tmp_path / "table.csv")
    with pytest.raises(InputError, match=r"table.csv: is a pipe or a device; save what"):
        read_outside_text(tmp_path / "table.csv")


@pytest.mark.parametrize(
    ("line", "delimiter", "shown"),
    [
        ("sep=,", ",", "','"),
        ("SEP=;", ";", "';'"),
        ("sep=\t", "\t", "a tab"),
        ('"sep=|"', "|", "'|'"),
        ("\n sep=; ", ";", "';'"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_a_first_line_says_of_the_cells_is_taken_and_said(line, delimiter, shown, end) -> None:
    """Excel writes such a line, and reads it, whatever stands between the cells."""
    read = table_text(f"{line}{end}a,b;c{end}1,2;3{end}")
    assert read.delimiter == delimiter
    assert read.text.splitlines()[-2:] == ["a,b;c", "1,2;3"]
    assert not any(map(str.strip, read.text.splitlines()[:-2]))
    assert f"says that {shown} parts the cells" in read.note


def test_a_heading_says_itself_what_parts_its_cells() -> None:
    for heading, delimiter in (("a,b;c;d", ";"), ("a\tb", "\t"), ("a", ","), ("sep=,;b;c", ";")):
        text = f"\n{heading}\n1;2;3;4,5,6,7\n"
        assert table_text(text) == table_text(text).__class__(text, delimiter)


def test_a_minus_from_a_page_is_one() -> None:
    assert table_text("a,b\n\u22121.5,x\u2212y\n").text == "a,b\n-1.5,x\u2212y\n"
