"""What is wrong between the lines of a manifest: no line alone shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from simgait.cohort.study.manifest import Line
from simgait.provenance import file_sha256
from simgait.recordings.read import lacks_height
from simgait.recordings.same_visit import SAME_HEIGHT_M

_Between = Callable[[Sequence[Line]], Iterator[tuple[int, str]]]
"""Gives numbers of lines with what is wrong between them and others."""


def held_against_each_other(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines with what is wrong between them."""
    found: dict[int, list[str]] = defaultdict(list)
    for check in _CHECKS:
        for number, sentence in check(lines):
            found[number].append(sentence)
    return tuple(
        replace(line, problems=(*line.problems, *found.get(line.number, ()))) for line in lines
    )


def codes_given_twice(lines: Sequence[Line]) -> Iterator[str]:
    """Two lines of one code would be one trial in every table."""
    first: dict[str, Line] = {}
    for line in lines:
        before = first.setdefault(line.trial.casefold(), line) if line.trial else line
        if before is not line and line.of_folder:
            yield (
                f"two files give the trial {line.trial}; write more of their names in braces, or "
                "rename one."
            )
        elif before is not line:
            yield (
                f"line {line.number}: the trial {line.trial} stands in line {before.number} "
                "already; every recording needs a code of its own."
            )


def _contradictions(lines: Sequence[Line]) -> Iterator[tuple[int, str]]:
    """Heights that one person cannot have on one visit."""
    of_visit: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        if line.person and line.height_m is not None:
            of_visit[line.person, line.codes["visit"]].append(line)
    for (person, _), own in of_visit.items():
        first = own[0]
        for line in own[1:]:
            heights = first.height_m, line.height_m
            assert heights[0] is not None and heights[1] is not None  # only these were taken
            if abs(heights[1] - heights[0]) >= SAME_HEIGHT_M:
                yield (
                    line.number,
                    f"height_m: {person} is {heights[1]:g} m tall here and {heights[0]:g} m in "
                    f"{first.place}; correct one.",
                )


def _sexes(lines: Sequence[Line]) -> Iterator[tuple[int, str]]:
    """Two sexes of one person: one of them chooses the wrong normal ranges."""
    first: dict[str, Line] = {}
    for line in lines:
        if not line.person or "sex" not in line.facts:
            continue
        before = first.setdefault(line.person, line)
        sexes = before.facts["sex"], line.facts["sex"]
        if sexes[0] != sexes[1]:
            yield (
                line.number,
                f"sex: {line.person} is {sexes[1]} here and {sexes[0]} in {before.place}; "
                "correct one.",
            )


def _without_height(lines: Sequence[Line]) -> Iterator[tuple[int, str]]:
    """Recordings of which nobody says how tall the person is; one line of a visit says it of all.

    What would be found as late as when the recording is read.
    """
    known = {line.visit_key for line in lines if line.height_m is not None} - {None}
    for line in lines:
        if line.problems or line.path is None or line.visit_key in known:
            continue
        if lacks_height(line.path, line.said):
            yield (
                line.number,
                f"{line.path.name}: neither the line nor the file says how tall the person is; "
                "give it in metres with the column height_m.",
            )


def _twins(lines: Sequence[Line]) -> Iterator[tuple[int, str]]:
    """Recordings that stand in the manifest twice, by what they hold."""
    of_size: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        if line.path is not None and line.path.is_file():
            of_size[line.path.stat().st_size].append(line)
    first: dict[tuple[str, str], Line] = {}
    for own in of_size.values():
        for line in own if len(own) > 1 else ():
            assert line.path is not None  # only these were taken
            try:
                sha256 = file_sha256(line.path)
            except OSError:  # its reader has said it
                continue
            part = str([line.facts.get(name) for name in ("person", "came_back", "from_s", "to_s")])
            before = first.setdefault((sha256, part), line)
            if before is not line:
                yield (
                    line.number,
                    f"{line.path.name}: is the same recording as that of {before.place}, "
                    "byte by byte; it would count twice.",
                )


_CHECKS: tuple[_Between, ...] = (_contradictions, _sexes, _without_height, _twins)
