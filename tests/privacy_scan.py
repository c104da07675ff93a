"""What a folder of outputs says anywhere: in names of files, in texts, and in what is packed."""

from __future__ import annotations

import io
import platform
import socket
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

HOST = "ward7-pc-of-dr-q"


def named_machine(monkeypatch: pytest.MonkeyPatch) -> str:
    """Gives this machine and its user a name that stands in no file by chance."""
    monkeypatch.setattr(socket, "gethostname", lambda: HOST)
    monkeypatch.setattr(platform, "node", lambda: HOST)
    for name in ("HOSTNAME", "COMPUTERNAME", "USER", "USERNAME", "LOGNAME"):
        monkeypatch.setenv(name, HOST)
    return HOST


def leaks(folder: Path, planted: Iterable[str]) -> list[tuple[str, str]]:
    """Each planted text and each file below the folder that says it, in letters of any size.

    Texts are looked for as UTF-8 and as UTF-16, as they are and as JSON writes them.
    """
    held = {
        str(file.relative_to(folder)): _unpacked(file.name, file.read_bytes()).lower()
        for file in folder.rglob("*")
        if file.is_file()
    }
    return [
        (text, name)
        for text in planted
        for name, content in held.items()
        if any(form in content or form in name.lower().encode() for form in _forms(text.lower()))
    ]


def _forms(text: str) -> set[bytes]:
    escaped = text.replace("\\", "\\\\")
    return {text.encode(), escaped.encode(), text.encode("utf-16-le")}


def _unpacked(name: str, content: bytes) -> bytes:
    """A file's bytes; of a zip (Word, NumPy) those of its members, of Parquet its cells."""
    if name.endswith(".parquet"):
        from pyarrow import parquet

        table = parquet.read_table(io.BytesIO(content))
        return f"{table.schema}{table.schema.metadata}{table.to_pylist()}".encode()
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        members = [one.encode() + _unpacked(one, packed.read(one)) for one in packed.namelist()]
        return b"\n".join([packed.comment, *members])
