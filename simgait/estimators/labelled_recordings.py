"""A table of labels, a recording at a time: whose each is, and that all GDI have one reference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from simgait.errors import InputError
from simgait.estimators.companion import Labels
from simgait.estimators.people import refuse_without_people
from simgait.gait.scores import ScoreReference

Part = TypeVar("Part")
NEEDED = ("recording", "person", "side", "fps_hz", "reference", "gdi_points")
"""Columns of a table whose rows are sides of recordings."""


def of_recordings(
    labels: Labels,
    reference: ScoreReference,
    of_recording: Callable[[str, Sequence[int]], Part],
    say: Callable[[str], None],
) -> list[Part]:
    """What is made of each recording of a table; those that cannot be used are left out, and said.

    Args:
        labels: a row for each side of a recording.
        reference: healthy people of their GDI.
        of_recording: makes it of a recording's name and its rows, or raises InputError.
        say: told which recordings are left out, and why.

    Raises:
        InputError: columns or people are lacking, the GDI is of another reference, or no recording
            can be used.
    """
    labels.need(NEEDED)
    refuse_without_people(labels.text["person"], labels.file)
    others = sorted({name for name in labels.text["reference"] if name != reference.name})
    if others:
        raise InputError(
            f"{labels.file}: has a GDI against {others[0]}, and the reference given is "
            f"{reference.name}; score all against the same healthy people."
        )
    rows: dict[str, list[int]] = {}
    for row, recording in enumerate(labels.text["recording"]):
        rows.setdefault(recording, []).append(row)
    parts = []
    for recording, own in rows.items():
        try:
            parts.append(of_recording(recording, own))
        except InputError as error:
            say(f"left out: {error}")
    if not parts:
        raise InputError(
            f"{labels.file}: none of its {len(rows)} recordings can be used; 'left out' above "
            "says why of each."
        )
    return parts


def person_of(labels: Labels, recording: str, rows: Sequence[int]) -> str:
    """Whose a recording is.

    Raises:
        InputError: it stands under several people.
    """
    people = {labels.text["person"][row] for row in rows}
    if len(people) > 1:
        raise InputError(f"{recording}: stands under {' and '.join(sorted(people))}; it is one's.")
    return people.pop()
