"""Writing without leaving halves behind, and without paths or names in what is written."""

from __future__ import annotations

import json
import math
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path, PureWindowsPath
from typing import Any

import numpy as np

from simgait.errors import InputError

# A path inside a sentence: a separator at the start of a word, then folders, each ending in one.
# A folder may hold one space ("Jane Doe"); more, and it is the sentence going on.
_FOLDERS = re.compile(
    r"""(^|[\s"'=(\[,;])(?:~|[A-Za-z]:)?[\\/]"""
    r"""(?:[^\s"'\\/<>;,]+(?:[ ][^\s"'\\/<>;,]+)?[\\/])*(?=[^\s"'])"""
)


def safe_id(text: str) -> str:
    """An id that is safe as a file name and in a page: only letters, digits, dot, dash, underscore.

    Folders are dropped (`../../x` is `x`), leading dots too; nothing left gives "trial".
    """
    last = re.split(r"[\\/]", text.rstrip("\\/"))[-1]
    return re.sub(r"[^A-Za-z0-9._-]+", "-", last).strip(".-") or "trial"


def without_folders(value: Any) -> Any:
    """The same nested value, JSON-ready: absolute paths cut down to file names, NaN to None."""
    if isinstance(value, dict):
        return {str(without_folders(str(k))): without_folders(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [without_folders(v) for v in value]
    if isinstance(value, np.ndarray):
        return without_folders(value.tolist())
    if isinstance(value, np.generic):
        return without_folders(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (bool, int)):
        return value
    text = str(value)
    if re.match(r"^(~|[A-Za-z]:)?[\\/][^\\/]", text) and "\n" not in text:
        return PureWindowsPath(text).name
    return _FOLDERS.sub(r"\1", text)


def json_for_html(value: Any) -> str:
    """JSON that may stand inside a <script> element: nothing in it can end the element."""
    text = json.dumps(value, allow_nan=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


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
        work = Path(
            tempfile.mkdtemp(prefix=".simgait-part-", dir=folder if existed else folder.parent)
        )
    except OSError as error:
        raise _not_writable(folder, error) from error
    try:
        for name, write in writers.items():
            write(work / name)
        work.chmod(0o755)
        if existed:
            for name in writers:
                (work / name).replace(folder / name)
        else:
            work.rename(folder)
    except OSError as error:
        raise _not_writable(folder, error) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return [folder / name for name in writers]


def _not_writable(folder: Path, error: OSError) -> InputError:
    return InputError(
        f"The output folder {folder} cannot be written to ({error.strerror or error}); "
        "choose another with -o or mend its permissions."
    )
