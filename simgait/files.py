"""Writing: no halves left behind, no folders of people's in what is written, no cell that runs."""

from __future__ import annotations

import csv
import errno
import io
import json
import math
import os
import re
import secrets
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PureWindowsPath
from typing import Any

import numpy as np
from pydantic import BaseModel

from simgait.errors import InputError
from simgait.jax_setup import writable
from simgait.plain_text import printable

# A path inside a sentence: a separator at the start of a word, then folders, each ending in one.
# A folder may hold one space ("Jane Doe"); more, and it is the sentence going on.
_FOLDERS = re.compile(
    r"""(^|[\s"'=(\[,;])(?:~|[A-Za-z]:)?[\\/]"""
    r"""(?:[^\s"'\\/<>;,]+(?:[ ][^\s"'\\/<>;,]+)?[\\/])*(?=[^\s"'])"""
)


PART = ".simgait-part-"
"""Start of the names of hidden folders in which results are made before they are moved in place.
What a process that was killed has left there may be removed."""
LONGEST_ID = 200
"""Characters. File systems end a name at 255 bytes; simgait appends to ids."""
_NUMBER = re.compile(r"[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?")
# What makes a spreadsheet take a cell for a formula (OWASP, "CSV Injection").
_RUNS = ("=", "+", "-", "@", "\t", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


# On Windows a file of this name, whatever its ending, is the device and not a file.
_DEVICES = frozenset(
    ("CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(10)))
)


_LIKE_A_FILE = re.compile(r"\.(csv|html|json|pdf|lock)$", re.IGNORECASE)
"""As what stands beside walks in a folder of results is called."""


def safe_id(text: str) -> str:
    """An id that is safe as a file name and in a page.

    ASCII letters, digits, dot, dash and underscore; others become underscores. Folders are dropped
    (`../../x` is `x`), and dots, dashes and underscores at the ends; nothing left gives
    "recording". Names that Windows keeps for devices (`CON`, `nul.1`) get an underscore, and so do
    names of tables and pages, beside which the folder of a walk stands (`summary.csv`).
    """
    last = re.split(r"[\\/]", str(text).rstrip("\\/"))[-1]
    name = re.sub(r"[^A-Za-z0-9._-]+", "_", last).strip("._-")
    name = _LIKE_A_FILE.sub(r"_\1", name)
    name = name[:LONGEST_ID].rstrip("._-") or "recording"
    stem, dot, rest = name.partition(".")
    if stem.upper() not in _DEVICES:
        return name
    return f"{stem}_{dot}{rest}"[:LONGEST_ID].rstrip(".-") if rest else f"{stem}_"


def without_folders(value: Any) -> Any:
    """The same nested value, JSON-ready: absolute paths cut down to file names, NaN to None."""
    if isinstance(value, BaseModel):
        value = value.model_dump()
    elif isinstance(value, set | frozenset):
        value = sorted(value, key=str)
    elif isinstance(value, np.ndarray):
        value = value.tolist()
    elif isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, Mapping):
        return {str(without_folders(str(k))): without_folders(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [without_folders(v) for v in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int):
        return value
    text = printable(str(value))
    if re.match(r"^(~|[A-Za-z]:)?[\\/][^\\/]", text) and "\n" not in text:
        return PureWindowsPath(text).name
    return _FOLDERS.sub(r"\1", text)


def json_for_html(value: Any) -> str:
    """JSON that may stand inside a <script> element: nothing in it can end the element."""
    text = json.dumps(value, allow_nan=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def csv_cell(value: Any) -> Any:
    """One cell of a CSV file: floats with every digit, what is not finite empty, text that is safe.

    Text that a spreadsheet would take for a formula gets an apostrophe before it; a number written
    as text ("-0.5") is none.
    """
    if isinstance(value, float | np.floating):
        # repr keeps every digit, so that what is read back equals what was written.
        return repr(float(value)) if math.isfinite(value) else ""
    if isinstance(value, str):
        # Some readers end a row at a carriage return, quoted or not.
        text = value.replace("\r\n", "\n").replace("\r", "\n")
        return f"'{text}" if text.startswith(_RUNS) and not _NUMBER.fullmatch(text) else text
    return value


def csv_text(header: Sequence[str], rows: Iterable[Iterable[Any]]) -> str:
    """A CSV table whose cells are those of `csv_cell`; lines end with a line feed."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(map(csv_cell, header))
    writer.writerows(map(csv_cell, row) for row in rows)
    return text.getvalue()


def append_csv_row(path: Path, row: Mapping[str, Any]) -> None:
    """One more row of a log whose columns never change; the header first where the file is new.

    Raises:
        InputError: the file cannot be written to.
    """
    whole = csv_text(tuple(row), [row.values()])
    try:
        with path.open("a", newline="", encoding="utf-8") as file:
            whole = printable(whole)
            file.write(whole if file.tell() == 0 else whole.partition("\n")[2])
    except OSError as error:
        raise cannot_be_written(path, error) from error


def write_text(path: Path, text: str) -> None:
    """UTF-8 with the line ends that the text has; control characters in it become "\ufffd"."""
    with path.open("w", newline="", encoding="utf-8") as file:
        file.write(printable(text))


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A hidden file beside `path` to write to; it becomes `path` when the `with` block ends well.

    So `path` appears whole or not at all, and an earlier file of that name stays until then.

    Raises:
        InputError: the folder does not exist, or cannot be written to.
    """
    part: Path | None = None
    try:
        part = path.parent / f".{secrets.token_hex(8)}.part"
        part.touch(exist_ok=False)
        mode = part.stat().st_mode
        yield part
        part.chmod(mode)
        part.replace(path)
    except OSError as error:
        raise cannot_be_written(path, error) from error
    finally:
        if part is not None:
            # A file system that is read-only refuses to remove what is not there, too.
            with suppress(OSError):
                part.unlink(missing_ok=True)


def new_folder(parent: Path, prefix: str) -> Path:
    """A new folder in `parent` that others may read as the user's umask says.

    Temporary folders of the standard library are their owner's alone, and so are their files once
    they are moved in place.
    """
    folder = parent / f"{prefix}{secrets.token_hex(8)}"
    folder.mkdir()
    return folder


def _share(folder: Path) -> None:
    """Gives the files in a folder the mode of a file that is opened there, whoever wrote them."""
    probe = folder / f".{secrets.token_hex(8)}"
    probe.touch(exist_ok=False)
    mode = probe.stat().st_mode
    probe.unlink()
    for path in folder.iterdir():
        path.chmod(mode)


def cannot_be_written(path: Path, error: OSError) -> InputError:
    """The sentence for a file or folder that the system would not write."""
    in_the_way = error.errno in (errno.EEXIST, errno.ENOTDIR)
    usual = "check that the folder exists and is writable"
    otherwise = "a file is where a folder belongs: choose another folder" if in_the_way else usual
    advice = _advice(error, otherwise)
    return InputError(
        f"{path.name}: cannot be written to its folder ({error.strerror or error}); {advice}."
    )


def _advice(error: OSError, otherwise: str) -> str:
    """What to do where the system would not write."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return "make room and call again" if full else otherwise


@contextmanager
def whole_folder(folder: Path, names: Collection[str]) -> Iterator[Path]:
    """A hidden folder beside `folder` to fill; it becomes `folder` when the block ends well.

    So `folder` is never half of the earlier one and half of the new. Entries of the earlier folder
    that are none of ours move along.

    Args:
        folder: the goal; made where absent, and all above it.
        names: of the files that are ours: they are replaced, or gone where the new ones lack them.

    Raises:
        InputError: the folder is a file, or it or the one above cannot be written to.
    """
    folder = folder.absolute()
    refuse_file(folder)
    work: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        work = new_folder(folder.parent, PART)
        part, earlier = work / "new", work / "earlier"
        part.mkdir()
        yield part
        _share(part)
        _take_place(part, folder, earlier, names)
    except OSError as error:
        raise cannot_be_written(folder, error) from error
    finally:
        if work is not None:
            shutil.rmtree(work, ignore_errors=True)


def _take_place(part: Path, folder: Path, earlier: Path, names: Collection[str]) -> None:
    """`part` becomes `folder`; what was there becomes `earlier`, but for what is none of ours."""
    if folder.exists():
        folder.rename(earlier)
    try:
        part.rename(folder)
    except OSError:
        if earlier.exists():
            earlier.rename(folder)
        raise
    for entry in list(earlier.iterdir()) if earlier.exists() else ():
        if entry.name not in names:
            entry.rename(folder / entry.name)


def write_whole(path: Path, text: str) -> None:
    """A text file that appears whole or not at all; raises InputError as `whole_file` does."""
    with whole_file(path) as part:
        write_text(part, text)


def write_together(folder: Path, writers: dict[str, Callable[[Path], None]]) -> list[Path]:
    """Write several files so that either all or none of them appear.

    Each writer gets the path to write to, in a hidden folder beside the goal; only when all have
    succeeded are the files moved in place, in the order given. Other files in `folder` stay.

    Raises:
        InputError: the folder cannot be made or written to.
    """
    folder = Path(folder)
    existed = folder.is_dir()
    try:
        if not existed:
            folder.parent.mkdir(parents=True, exist_ok=True)
        work = new_folder(folder if existed else folder.parent, PART)
    except OSError as error:
        raise not_writable(folder, error) from error
    try:
        for name, write in writers.items():
            write(work / name)
        _share(work)
        if existed:
            for name in writers:
                (work / name).replace(folder / name)
        else:
            work.rename(folder)
    except OSError as error:
        raise not_writable(folder, error) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return [folder / name for name in writers]


def refuse_file(folder: Path, said_with: str = "-o") -> None:
    """A folder for results must not be a file.

    Args:
        folder: need not exist.
        said_with: the option that names it.

    Raises:
        InputError: it is one.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(
            f"{folder.name}: is a file, not a folder for results; choose another one with "
            f"{said_with}."
        )


def check_output_folder(out: Path) -> None:
    """Refuses an output folder that cannot be written, before hours of work; makes none.

    Raises:
        InputError: it is a file, or cannot be made or written.
    """
    refuse_file(out)
    above = next(path for path in (out, *out.absolute().parents) if path.exists())
    if not above.is_dir() or not (writable(out) if above == out else os.access(above, os.W_OK)):
        raise InputError(
            f"{out.name or out}: the output folder cannot be written to; choose another with -o, "
            "or mend its permissions."
        )


def make_output_folder(out: Path) -> None:
    """Makes a folder for results, and those above it, where it is not there.

    Raises:
        InputError: it is a file, or cannot be made or written.
    """
    check_output_folder(out)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise not_writable(out, error) from error


def not_writable(folder: Path, error: OSError) -> InputError:
    """What is said of a folder of results that takes no files."""
    return InputError(
        f"The output folder {folder} cannot be written to ({error.strerror or error}); "
        f"{_advice(error, 'choose another with -o or mend its permissions')}."
    )
