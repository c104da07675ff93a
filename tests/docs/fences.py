"""What the documents tell people to type: fenced blocks and commands within sentences."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^(?P<mark>```+)(?P<language>\w*)\n(?P<text>.*?)^(?P=mark)$", re.M | re.S)
INLINE = re.compile(r"`(?:\.venv/bin/)?simgait ([^`\n]+)`")


@dataclass(frozen=True)
class Block:
    """A fenced block; `page` is relative to the repository."""

    page: str
    line: int
    language: str
    text: str


def pages() -> list[Path]:
    """README, CONTRIBUTING and everything below docs/, but for what was true once."""
    docs = [path for path in (ROOT / "docs").rglob("*.md") if "history" not in path.parts]
    return [path for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md") if path.exists()] + docs


def past_pages() -> list[Path]:
    """What was true once: the changelog, and what was tried."""
    return [ROOT / "CHANGELOG.md", *(ROOT / "docs" / "history").rglob("*.md")]


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    name = page.relative_to(ROOT).as_posix()
    return [
        Block(name, text[: m.start()].count("\n") + 1, m["language"], m["text"])
        for m in FENCE.finditer(text)
    ]


def commands(block: Block) -> Iterator[list[str]]:
    """The words of each command of a shell block, without comments, continued lines joined."""
    # A variable of the shell stands for some value, which may have to be a number.
    text = re.sub(r"\$\w+", "1", block.text.replace("\\\n", " "))
    for line in text.splitlines():
        words = shlex.split(line, comments=True)
        if words:
            yield words


def inline_commands(page: Path) -> list[list[str]]:
    """`simgait ...` within sentences: the words after it; quotes may be open in a sentence."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    return [found.split() for found in INLINE.findall(text)]
