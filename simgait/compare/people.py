"""Whose walk is whose, from two tables of which either may say it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from simgait.errors import InputError
from simgait.parameters.wording import counted
from simgait.plain_text import listed
from simgait.recordings.subject_codes import is_code_of_name


@dataclass(frozen=True)
class People:
    """Whose walk is whose.

    Attributes:
        subjects: (N,) one per walk; None where neither table names anybody. A walk without one
            among others with one is called after itself, as if by another person.
        nameless: those walks.
        warnings: sentences on what makes the numbers doubtful.
        notes: sentences on where the subjects are from.
    """

    subjects: tuple[str, ...] | None
    nameless: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def join_people(
    ids: Sequence[str], truth: Sequence[str], estimate: Sequence[str], files: tuple[str, str]
) -> People:
    """One subject per walk, from the table that knows it.

    The truth's own code stands for a code that simgait made of the name in a C3D file: nobody chose
    it, and laboratories write one name into the files of many people.

    Args:
        ids: (N,) names of the walks.
        truth: (N,) its subjects, "" where it names none.
        estimate: (N,) the same.
        files: what sentences call the two tables.

    Raises:
        InputError: the tables contradict each other.
    """
    made = [bool(a) and a != b and is_code_of_name(b) for a, b in zip(truth, estimate, strict=True)]
    wrong = [
        f"{trial} ({a} against {b})"
        for trial, a, b, is_made in zip(ids, truth, estimate, made, strict=True)
        if a and b and a != b and not is_made
    ]
    if wrong:
        raise InputError(
            f"{files[0]} and {files[1]} say different subjects of {counted(len(wrong), 'walk')}: "
            f"{listed(wrong)}; mend one table, or leave its subject column out."
        )
    subjects = tuple(a or b for a, b in zip(truth, estimate, strict=True))
    if not any(subjects):
        return People(None, warnings=(_nobody(len(ids)),))
    nameless = tuple(trial for trial, who in zip(ids, subjects, strict=True) if not who)
    return People(
        _each_its_own(ids, subjects),
        nameless,
        (_some_nameless(nameless, len(ids), files),) if nameless else (),
        _sources(truth, estimate, made, files),
    )


def _each_its_own(ids: Sequence[str], subjects: Sequence[str]) -> tuple[str, ...]:
    """The subjects, with a name that nobody has for each walk without one."""
    called = "walk"
    while any(who.startswith(called) for who in subjects):
        called = f"the {called}"
    return tuple(who or f"{called} {trial}" for trial, who in zip(ids, subjects, strict=True))


def _some_nameless(nameless: Sequence[str], n_walks: int, files: tuple[str, str]) -> str:
    return (
        f"{len(nameless)} of {counted(n_walks, 'walk')} {'has' if len(nameless) == 1 else 'have'} "
        f"no subject in {files[0]} or {files[1]}, though others have ({listed(nameless)}): each is "
        "counted as another person's. If these people walked several times, all intervals and "
        "limits here are too narrow; fill in the subject column of either table."
    )


def _nobody(n_walks: int) -> str:
    return (
        "Neither table says whose walk is whose, so every file is counted as another person: the "
        f"{counted(n_walks, 'walk')} as {n_walks} people. If people walked several times, all "
        "intervals and limits here are too narrow; add a column subject_id to the truth."
    )


def _sources(
    truth: Sequence[str], estimate: Sequence[str], made: Sequence[bool], files: tuple[str, str]
) -> tuple[str, ...]:
    """Which table the subjects are from, where it is only one of them."""
    notes = []
    for mine, other, name in ((truth, estimate, files[0]), (estimate, truth, files[1])):
        n_alone = sum(bool(a) and not b for a, b in zip(mine, other, strict=True))
        if n_alone:
            share = "all walks" if n_alone == len(mine) else f"{n_alone} of {len(mine)} walks"
            notes.append(f"The subjects of {share} are those of {name}; the other names none.")
    if any(made):
        notes.append(
            f"{files[1]} has codes that simgait made of the names in files (subject-...) for "
            f"{counted(sum(made), 'walk')}; the subjects of {files[0]} were taken"
            + _disagreement(truth, estimate, made)
            + "."
        )
    return tuple(notes)


def _disagreement(truth: Sequence[str], estimate: Sequence[str], made: Sequence[bool]) -> str:
    """Where codes and subjects do not stand for the same people: the other half of a sentence."""
    pairs = [(a, b) for a, b, is_made in zip(truth, estimate, made, strict=True) if is_made]
    several = _with_several((b, a) for a, b in pairs)
    if several:
        code, subjects = next(iter(several.items()))
        return f", though one code stands for several of them ({code}: {listed(subjects)})"
    several = _with_several(iter(pairs))
    if several:
        subject, codes = next(iter(several.items()))
        return f", though one of them has several codes ({subject}: {listed(codes)})"
    return ""


def _with_several(pairs: Iterator[tuple[str, str]]) -> Mapping[str, list[str]]:
    """First -> the seconds that it goes with, where there are several."""
    found: dict[str, dict[str, None]] = {}
    for first, second in pairs:
        found.setdefault(first, {})[second] = None
    return {first: list(seconds) for first, seconds in found.items() if len(seconds) > 1}
