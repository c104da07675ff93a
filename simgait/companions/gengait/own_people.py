"""A laboratory's own normal people: their walks in normalised time, and who is used for what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.companions.gengait.cycles import normalised
from simgait.companions.gengait.data import PersonsWalk
from simgait.datasets.preparation import SHORT_WALKS
from simgait.errors import InputError, unexpected
from simgait.estimators.companion import Say
from simgait.estimators.own_walks import OwnRecording, OwnWalks, usable
from simgait.estimators.people import (
    Owned,
    marks,
    refuse_shared_frames,
    refuse_shared_people,
    split_by_person,
)
from simgait.findings import EVERYTHING
from simgait.parameters.wording import counted
from simgait.recordings.read import is_read_by_name, read_recording
from simgait.trials.preparation import prepare
from simgait.trials.quality import assess
from simgait.types import Trial

LEARNED, THRESHOLDS, JUDGED = "learned from", "thresholds", "judged"
SHARES = {LEARNED: 1 / 2, THRESHOLDS: 1 / 3, JUDGED: 1 / 6}
"""Of a laboratory's own people."""
FEWEST_PEOPLE = 30
"""Ten of them set the thresholds: of a further person one in eleven is expected beyond."""
MOST_WALKS = 10
"""Of a person, the longest ones, so that nobody is most of what is learned from; chosen."""


@dataclass(frozen=True)
class OwnPeople:
    """Walks of a laboratory's own normal people, by what they are used for.

    Attributes:
        learned: the network learns from them.
        thresholds: of others, who set the thresholds.
        judged: of others still, on whom it is judged.
        left_out: how many recordings gave no walk.
    """

    learned: Sequence[PersonsWalk] = ()
    thresholds: Sequence[PersonsWalk] = ()
    judged: Sequence[PersonsWalk] = ()
    left_out: int = 0

    def __post_init__(self) -> None:
        """Nobody is in two parts, nor a frame of theirs.

        Raises:
            SplitError: somebody is.
        """
        parts = (self.learned, self.thresholds, self.judged)
        for k, known in enumerate(parts):
            others = [one for part in parts[k + 1 :] for one in part]
            refuse_shared_people(marks(_people(known)), _people(others))
            refuse_shared_frames(_frames(known), _frames(others))

    @property
    def everybody(self) -> list[PersonsWalk]:
        """Walks of all of them."""
        return [*self.learned, *self.thresholds, *self.judged]


def checked(own: OwnWalks) -> OwnWalks:
    """The walks with the reason at those that nothing may be learned from; none is read.

    Raises:
        InputError: nobody is named, or too few people are.
    """
    own = usable(own)
    unusable = [f"{one.place}: {one.problem.rstrip('.')}." for one in own.recordings if one.problem]
    _refuse_few({one.person for one in own.recordings if not one.problem}, own.name, unusable)
    return own


def own_people(own: OwnWalks, say: Say) -> OwnPeople:
    """Reads a laboratory's own walks and says who is used for what.

    Recordings that give no walk are left out, and said with the reason; none stops the others.

    Args:
        own: recordings, and whose each is.
        say: told what is left out, and what there is.

    Raises:
        InputError: nobody is named, or too few people have a walk that can be used.
    """
    own = checked(own)
    walks: list[PersonsWalk] = []
    left_out = 0
    for one in own.recordings:
        try:
            walks += _walks_of(one)
        except Exception as error:  # noqa: BLE001 - one recording must not take the others with it
            left_out += 1
            known = isinstance(error, InputError)
            why = str(error) if known else f"{unexpected(error)}; please report it."
            say(f"left out: {one.place}: {why}")
    walks = _longest_of_each(walks)
    people = _people(walks)
    say(
        f"{counted(len(walks), 'walk')} of {len(set(people))} people from "
        f"{counted(len(own.recordings), 'recording')}, {left_out} of which left out"
    )
    _refuse_few(people, own.name)
    rows = split_by_person(people, SHARES)
    parts = {name: [walks[row] for row in own_rows] for name, own_rows in rows.items()}
    return OwnPeople(parts[LEARNED], parts[THRESHOLDS], parts[JUDGED], left_out)


def _walks_of(one: OwnRecording) -> list[PersonsWalk]:
    """The straight walks of a recording.

    Raises:
        InputError: it gives none that can be learned from.
    """
    if one.problem or one.path is None:
        raise InputError(f"{one.problem.rstrip('.')}.")
    if is_read_by_name(one.path):
        raise InputError("a video shows no measured points; give what a measuring system recorded.")
    recording = read_recording(one.path, one.said)
    if not recording.scale_is_metric:
        raise InputError(
            "its points are a detector's guess, and normal walking is learned from measured ones; "
            "give what a measuring system recorded, or say that these are (scale_is_metric: "
            "measured)."
        )
    walks: list[PersonsWalk] = []
    reasons: list[str] = []
    for trial in prepare(recording, SHORT_WALKS, height_m=one.said.height_m):
        try:
            _refuse_odd(trial, recording.belt_speed_mps)
            walks.append(PersonsWalk(one.person, normalised(trial), trial.height_m))
        except InputError as error:
            reasons.append(str(error))
    if not walks:
        raise InputError(reasons[0])
    return walks


def _refuse_odd(trial: Trial, belt_speed_mps: float | None) -> None:
    """What is no level walk, or was recorded wrong, is nobody's normal walk."""
    for finding in assess(trial, belt_speed_mps).findings:
        if finding.touches >= EVERYTHING:
            raise InputError(
                f"the recording shows what no number may be read from ({finding.code.value}); "
                "simgait inspect says more."
            )


def _longest_of_each(walks: Sequence[PersonsWalk]) -> list[PersonsWalk]:
    """At most so many walks of each person, in the order in which they stand."""
    kept: set[int] = set()
    for person in set(_people(walks)):
        own = [row for row, one in enumerate(walks) if one.person == person]
        own.sort(key=lambda row: (-len(walks[row].walk.points), row))
        kept.update(own[:MOST_WALKS])
    return [walks[row] for row in sorted(kept)]


def _refuse_few(people: Sequence[str] | set[str], where: str, unusable: Sequence[str] = ()) -> None:
    """`unusable`: what is wrong with recordings, where nobody was told yet."""
    count = len(set(people))
    if count < FEWEST_PEOPLE:
        parts = [round(share * FEWEST_PEOPLE) for share in SHARES.values()]
        raise InputError(
            f"{where}: {counted(count, 'person').replace('persons', 'people')} with walks that "
            f"could be used, and {FEWEST_PEOPLE} are needed: {parts[0]} to learn from, {parts[1]} "
            f"others for the thresholds, {parts[2]} others to judge by. Give more people, or leave "
            "--walks out."
            + (f" Not used: {unusable[0]}" if unusable else "")
            + (f" And {len(unusable) - 1} more." if len(unusable) > 1 else "")
        )


def _people(walks: Sequence[PersonsWalk]) -> list[str]:
    return [one.person for one in walks]


def _frames(walks: Sequence[PersonsWalk]) -> list[Owned]:
    return [(one.person, _flat(one)) for one in walks]


def _flat(one: PersonsWalk) -> Float[np.ndarray, "N 36"]:
    return one.walk.points.reshape(len(one.walk.points), -1)
