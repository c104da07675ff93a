"""Text files from outside: their bytes as text, JSON, TOML and numbers, whoever wrote them."""

from __future__ import annotations

import codecs
import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simgait.errors import InputError

MAX_BYTES = 500_000_000
"""No recording and no table of walks is longer as text; what is would not fit into memory twice."""
MISSING_WORDS = frozenset(
    ("", "nan", "na", "n/a", "#n/a", "#na", "#null!", "#div/0!", "#value!", "#ref!", "#num!",
     "#name?", "<na>", "none", "null", "nil", "missing", "n.a.", "n.a", "n.d.", ".", "-", "--",
     "---", "\u2013", "\u2014", "?")
)  # fmt: skip
"""What programs write where there is no number, in lower case: Excel, R, SPSS, SAS, pandas."""
# Longest first: the mark of UTF-16 begins that of UTF-32.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
DELIMITERS = ",;\t"
"""What parts the cells of a table, the usual one first."""
# Excel's own way of saying it, on a line before the heading.
_SAID_DELIMITER = re.compile(
    r"""\A\s*+(?P<line>"?sep=(?P<delimiter>[^\w\s"]|\t)"?[ ]*+)(?:\r?\n|\r)""", re.IGNORECASE
)
_MINUS = re.compile("\u2212(?=[\\d.,])")
_SAMPLE = 4096
DEEPEST = 32
"""Levels of tables and lists in settings and facts. The deepest of simgait's own files has 6;
parsers, pydantic and `repr` give up, each in its own way, at some hundreds."""
_PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+"""
_LONG_KEY = re.compile(rf"""(?<![\w"'.-]){_PART}(?:\.[ \t]*+{_PART}){{{DEEPEST}}}""")


@dataclass(frozen=True)
class OutsideText:
    """Text of a file; `note` says how its bytes were read where they are not UTF-8."""

    text: str
    note: str = ""


def read_outside_text(path: Path, shown: str | None = None) -> OutsideText:
    """Text of a file in UTF-8, UTF-16, UTF-32 or Windows-1252, told apart by its bytes.

    Args:
        path: of the file.
        shown: what sentences call it; its name without folder where None.

    Raises:
        InputError: see `outside_bytes`; or not text.
    """
    return decoded(outside_bytes(path, shown), shown or path.name)


def outside_bytes(path: Path, shown: str | None = None) -> bytes:
    """The bytes of a file of text.

    Raises:
        InputError: a folder, no such file, not readable, or larger than 500 MB.
    """
    where = shown or path.name or str(path)
    if path.is_dir():
        raise InputError(f"{where}: is a folder; give the file in it.")
    if not path.exists():
        raise InputError(f"{where}: there is no such file; check the path.")
    if not path.is_file():
        # Nobody may ever write into a pipe, and what was read of it cannot be read again.
        raise InputError(f"{where}: is a pipe or a device; save what comes out of it as a file.")
    try:
        with path.open("rb") as file:
            # What a device or a pipe holds, its size does not say.
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(
            f"{where}: the file cannot be read ({error.strerror or error}); check its permissions."
        ) from error
    if len(content) > MAX_BYTES:
        raise InputError(f"{where}: is larger than {MAX_BYTES // 10**6} MB; give a part of it.")
    return content


def decoded(content: bytes, where: str) -> OutsideText:
    """The text that bytes stand for; see `read_outside_text`.

    Windows-1252 is what programs of western Europe write that do not write UTF-8; in it every byte
    means something, so it comes last.

    Raises:
        InputError: no text in any of these.
    """
    mark, encoding = next(((m, e) for m, e in _MARKS if content.startswith(m)), (b"", ""))
    if not encoding and b"\0" in content[:_SAMPLE]:
        encoding = _utf16_without_mark(content[:_SAMPLE])
    try:
        text = content[len(mark) :].decode(encoding or "utf-8")
    except UnicodeDecodeError:
        if encoding and not mark:
            raise _no_text(where) from None
        if encoding:
            raise InputError(
                f"{where}: is not the {encoding[:6].upper()} text that its first bytes say it is; "
                "export it again as UTF-8."
            ) from None
        text, encoding = western(content), "windows-1252"
    if "\0" in text:
        raise _no_text(where)
    if encoding in ("", "utf-8"):
        return OutsideText(text)
    name = "Windows-1252" if encoding == "windows-1252" else encoding[:6].upper()
    return OutsideText(text, f"the file is not UTF-8 text and was read as {name}.")


@dataclass(frozen=True)
class TableText:
    """Text of a table in a file.

    Attributes:
        text: as many lines as the file has; one that names the delimiter is empty.
        delimiter: what parts the cells.
        note: that the file names the delimiter; "" where it does not.
    """

    text: str
    delimiter: str
    note: str = ""


def table_text(text: str) -> TableText:
    """Text of a table, with what parts its cells.

    The minus of typography before a number, as on simgait's own pages, becomes that of computers.
    What parts the cells is what a first line `sep=;` names, as Excel writes and reads it; else what
    the heading has most of: commas, semicolons or tabs.
    """
    text = _MINUS.sub("-", text)
    said = _SAID_DELIMITER.match(text)
    if said is None:
        heading = next((line for line in text.splitlines() if line.strip()), "")
        return TableText(text, max(DELIMITERS, key=heading.count))
    delimiter = said["delimiter"]
    shown = {"\t": "a tab"}.get(delimiter, f"'{delimiter}'")
    return TableText(
        text[: said.start("line")] + text[said.end("line") :],
        delimiter,
        f"the first line says that {shown} parts the cells (sep=), and they were read so.",
    )


def _no_text(where: str) -> InputError:
    return InputError(f"{where}: is not text; export it as text (UTF-8).")


def _utf16_without_mark(sample: bytes) -> str:
    """Which half of every pair of bytes is zero in text that is mostly ASCII; "" for neither."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    enough = 0.3 * len(sample) / 2
    if odd > enough and even < 0.1 * odd:
        return "utf-16-le"
    return "utf-16-be" if even > enough and odd < 0.1 * even else ""


def western(content: bytes) -> str:
    """Windows-1252, of which Latin-1 is nearly a part."""
    try:
        return content.decode("windows-1252")
    except UnicodeDecodeError:
        return content.decode("latin-1")  # five bytes have no meaning in Windows-1252


def read_json(path: Path, shown: str | None = None) -> Any:
    """The value of a JSON file from outside.

    Raises:
        InputError: it cannot be read, is no JSON, or is nested deeper than Python can follow.
    """
    return parse_json(read_outside_text(path, shown).text, shown or path.name)


def parse_json(text: str, where: str) -> Any:
    """The value of JSON text from outside; raises InputError as `read_json` does."""
    try:
        return json.loads(text)
    except RecursionError:
        raise InputError(f"{where}: its JSON is nested too deeply; export it again.") from None
    except json.JSONDecodeError as error:
        raise InputError(
            f"{where}: is no complete JSON (line {error.lineno}: {error.msg}); export it again."
        ) from None
    except ValueError:
        raise InputError(
            f"{where}: holds a whole number of thousands of digits; mend the source."
        ) from None


def read_facts(path: Path, shown: str | None = None) -> dict[str, Any]:
    """The facts of a JSON file, an object: names with their values.

    Raises:
        InputError: it cannot be read, is no JSON, no object, or is nested too deeply.
    """
    where, value = shown or path.name, read_json(path, shown)
    if not isinstance(value, dict):
        what = {list: "a list", str: "a text", type(None): "empty"}.get(type(value), "one value")
        raise InputError(
            f"{where}: is {what}, where names with their values are expected; mend it."
        )
    if is_deeper(value, DEEPEST):
        raise InputError(f"{where}: its JSON is nested too deeply; export it again.")
    return value


def read_toml(path: Path, shown: str | None = None) -> dict[str, Any]:
    """The tables of a TOML file from outside.

    Raises:
        InputError: it cannot be read, is no TOML, or is nested too deeply.
    """
    where = shown or path.name
    text = read_outside_text(path, shown).text.replace("\r\n", "\n")
    too_deep = InputError(f"{where}: its TOML is nested too deeply; mend it.")
    # Python's parser takes minutes for a key of 100 000 parts.
    if _LONG_KEY.search(text):
        raise too_deep
    try:
        tables = tomllib.loads(text)
    except RecursionError:
        raise too_deep from None
    except ValueError as error:  # TOMLDecodeError is one; so is an integer of thousands of digits
        raise InputError(f"{where}: not a TOML file ({error}); mend it.") from None
    if is_deeper(tables, DEEPEST):
        raise too_deep
    return tables


def is_deeper(value: Any, levels: int) -> bool:
    """Whether dicts and lists lie more than `levels` deep in each other; asks without recursion."""
    layer = [value]
    for _ in range(levels):
        layer = [
            inner
            for outer in layer
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not layer:
            return False
    return True
