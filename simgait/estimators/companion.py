"""The form of a companion: one value that the command line, the benchmark and the report read.

Nothing heavy is imported here: the command line lists companions before it loads any.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from simgait.errors import InputError
from simgait.findings import NO_BASIS, Basis, Finding

if TYPE_CHECKING:
    from pydantic import BaseModel

    from simgait.baselines.tracker import Tracker
    from simgait.estimators.judged import Judged
    from simgait.estimators.own_walks import OwnWalks
    from simgait.estimators.twin import Twin
    from simgait.gait_result import GaitResult
    from simgait.types import Recording, Trial

Say = Callable[[str], None]
OPTIONS = {
    "height_m": "height", "fps_hz": "fps", "person": "person", "picture_px": "picture",
    "keypoint_set": "keypoint-set",
}  # fmt: skip
"""Of `Asked`, by which option of the command line somebody says it."""


@dataclass(frozen=True)
class Asked:
    """What a user says beside a walk.

    Attributes:
        height_m: of the person; None unknown.
        fps_hz: frame rate; None where the file says it.
        person: which of several people, from 1.
        picture_px: width and height of the pictures.
        keypoint_set: which points a file holds.
        weights: folder of the weights; None takes the released ones.
        network: which of several networks; None takes the card's.
    """

    height_m: float | None = None
    fps_hz: float | None = None
    person: int | None = None
    picture_px: tuple[int, int] | None = None
    keypoint_set: str | None = None
    weights: Path | None = None
    network: str | None = None


def no_network(companion: str, asked: str, known: Iterable[str] = ()) -> InputError:
    """What is said to who names a network that a companion does not have.

    Args:
        companion: its name.
        asked: what --network says.
        known: names of its networks; none where there is nothing to choose from.
    """
    names = ", ".join(known)
    rest = f"name one of {names}" if names else "it has none to choose from, so leave it out"
    return InputError(f"--network {asked}: {companion} has no network of that name; {rest}.")


@dataclass(frozen=True)
class Said:
    """One number that a companion says of a walk.

    Attributes:
        key: "gdi_points".
        label, unit: for people.
        side: "left", "right", or "both".
        value: NaN where it says none.
        low, high: of its interval; NaN without one.
        also_rests_on: what it was made of beyond that on which a parameter of its key rests.
    """

    key: str
    label: str
    unit: str
    side: str
    value: float
    low: float = math.nan
    high: float = math.nan
    also_rests_on: frozenset[Basis] = NO_BASIS


@dataclass(frozen=True)
class SaidCurve:
    """One angle over the gait cycle that a companion says of a walk.

    Attributes:
        key: "knee_flexion_deg".
        label, unit: for people.
        side: "left" or "right".
        percent: of the cycle.
        values: there.
        half_width: of the interval about each; NaN without one.
    """

    key: str
    label: str
    unit: str
    side: str
    percent: tuple[float, ...]
    values: tuple[float, ...]
    half_width: float = math.nan


@dataclass(frozen=True)
class Opinion:
    """What a companion says of one walk.

    Attributes:
        numbers: in order.
        made_by: weights, and healthy people where scores are among the numbers; goes with the
            numbers wherever they go.
        notes: sentences that a reader needs beside them.
        curves: over the gait cycle, where it says any.
        twin: the walk put right, of companions that make one.
        findings: what the recording shows that takes numbers away.
        lost: names of these numbers.
        reference_sha256: of the healthy people of its GDI; empty without one.
    """

    numbers: tuple[Said, ...]
    made_by: str
    notes: tuple[str, ...] = ()
    curves: tuple[SaidCurve, ...] = ()
    twin: Twin | None = None
    findings: tuple[Finding, ...] = ()
    lost: tuple[str, ...] = ()
    reference_sha256: str = ""


@dataclass(frozen=True)
class TrackedWalk:
    """A tracked walk, as a companion may read it.

    Attributes:
        recording: that it was cut from.
        trial: as prepared, without its truth.
        gait: of the simulated body.
        policy_sha256: of the policy that drove it.
    """

    recording: Recording
    trial: Trial
    gait: GaitResult
    policy_sha256: str


@dataclass(frozen=True)
class MeasureTable:
    """What RMSE and slope do not say of a companion: measures of its own.

    Attributes:
        title: what is measured, one sentence.
        header: of the columns.
        rows: as many cells each.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Evaluation:
    """How a companion and its rivals do on people unseen.

    Attributes:
        title: on whom, one sentence.
        rows: one for each estimator and quantity.
        notes: sentences below the table.
        measures: tables of the companion's own measures.
    """

    title: str
    rows: tuple[Judged, ...]
    notes: tuple[str, ...] = ()
    measures: tuple[MeasureTable, ...] = ()


@dataclass(frozen=True)
class Labels:
    """A user's own table: a row for each side of a recording, or each point of a curve.

    Attributes:
        file: its name, for sentences.
        folder: that the recordings' paths are counted from.
        text: column -> cells.
        numbers: column -> values, NaN where a cell is empty.
    """

    file: str
    folder: Path
    text: Mapping[str, Sequence[str]]
    numbers: Mapping[str, Sequence[float]]

    def need(self, columns: Iterable[str]) -> None:
        """Refuses a table that lacks a column.

        Raises:
            InputError: names those that are lacking.
        """
        lacking = [name for name in columns if name not in {*self.text, *self.numbers}]
        if lacking:
            raise InputError(
                f"{self.file}: has no column {', '.join(lacking)}; add it "
                "(docs/how-to/companions.md names the columns)."
            )


@runtime_checkable
class Kept(Protocol):
    """The folder of a training, which goes on where it was stopped."""

    @property
    def path(self) -> Path:
        """Of the folder."""

    @property
    def facts(self) -> Mapping[str, Any] | None:
        """Of the newest checkpoint; None where there is none."""

    @property
    def stopping(self) -> bool:
        """Whether somebody asked to stop."""

    def load(self, like: Any) -> Any:
        """The newest checkpoint's state."""

    def save(self, state: Any, facts: Mapping[str, Any]) -> None:
        """Writes a checkpoint; raises KeyboardInterrupt where somebody asked to stop."""

    def steps(self) -> AbstractContextManager[None]:
        """The part of a training that a wish to stop ends in order."""

    def finish(self) -> None:
        """Removes the checkpoints: the training is over."""


@dataclass(frozen=True)
class Order:
    """What a training is asked for.

    Attributes:
        config: the recipe.
        data_dir: real recordings; None without.
        labels: the user's own table; None without.
        reference: file of the healthy people of their GDI; None takes the companion's own.
        machine: what it is trained on, for the card.
        max_minutes: of training; None for all steps.
        say: told what is being done.
        walks: the user's own normal walks; None without.
        beside: folder of trained networks that stay as they are and are taken along; None without.
    """

    config: BaseModel
    data_dir: Path | None
    labels: Labels | None
    reference: Path | None
    machine: str
    max_minutes: float | None
    say: Say
    walks: OwnWalks | None = None
    beside: Path | None = None


@dataclass(frozen=True)
class Learning:
    """How a companion is trained, and where its weights lie.

    Attributes:
        recipe: file of `configs/` that trains it.
        folder: of `policies/` that holds its weights and card.
        load_recipe: reads a recipe.
        check: loads the weights of a folder (None: the released ones), which checks their hashes.
        train: trains into the folder that keeps it, and says what came out.
        from_recordings: whether real recordings are of use to it.
        check_walks: refuses a user's own normal walks that it cannot learn from, before any is
            read; None where it learns from none.
        designs: names of those that --designs chooses from; none where there is one.
        with_designs: of companions of several designs: recipe, names of those to be trained, and
            the folder of others that stay as they are (or None) in, the recipe of these out.
    """

    recipe: str
    folder: str
    load_recipe: Callable[[Path], BaseModel]
    check: Callable[[Path | None], None]
    train: Callable[[Order, Kept], str]
    from_recordings: bool = False
    check_walks: Callable[[OwnWalks], None] | None = None
    designs: Sequence[str] = ()
    with_designs: Callable[[BaseModel, Sequence[str], Path | None], BaseModel] | None = None


@dataclass(frozen=True)
class Companion:
    """Somebody's method beside simgait's.

    Attributes:
        name: as its module, with "-" for "_".
        about: whose method, and what was made of it, one sentence.
        reads: what goes in.
        says: what comes out.
        rivals: what it is compared with.
        run: file and what is said beside it in, its opinion out.
        evaluate: number of people and weights' folder in (None: the released ones).
        learning: how it is trained, and where its weights lie; None of a rule.
        leak: trains on a split that leaks and on a clean one, to show what the first hides.
        change: an earlier and a later walk of a person in, what changed out.
        networks: names of those that one can choose from; none where there is one.
        tracker: of companions that give a whole walk: the benchmark compares them with trackers.
        second_opinion: of companions that can read a tracked walk: what they say of it, for its
            report; raises InputError with the reason where they cannot read this one.
        makes_twins: whether its opinions hold the walk put right.
        unread: of `Asked`, what means nothing to it, and is refused where somebody says it.
    """

    name: str
    about: str
    reads: str
    says: str
    rivals: Sequence[str]
    run: Callable[[Path, Asked], Opinion]
    evaluate: Callable[[int, Path | None], Evaluation]
    learning: Learning | None = None
    leak: Callable[[Say], Evaluation] | None = None
    change: Callable[[Path, Path, Asked], Opinion] | None = None
    networks: Sequence[str] = ()
    tracker: Callable[[], Tracker] | None = None
    second_opinion: Callable[[TrackedWalk], Opinion] | None = None
    makes_twins: bool = False
    unread: Sequence[str] = ()

    def refuse_unread(self, asked: Asked) -> None:
        """Nothing that somebody says is passed over in silence.

        Raises:
            InputError: something is said that this companion does not read.
        """
        for name in self.unread:
            if getattr(asked, name) is not None:
                option = f"--{OPTIONS[name]}"
                raise InputError(f"{option}: {self.name} does not read it; leave it out.")

    def learns(self) -> Learning:
        """How it is trained.

        Raises:
            InputError: it is a rule, and learns nothing.
        """
        if self.learning is None:
            raise InputError(
                f"{self.name}: is a rule and learns nothing; there is nothing to train."
            )
        return self.learning

    def compares(self) -> Callable[[Path, Path, Asked], Opinion]:
        """Its word on what changed between two walks.

        Raises:
            InputError: it has none.
        """
        if self.change is None:
            raise InputError(
                f"--before: {self.name} says nothing of changes; leave it out (simgait compare "
                "compares tracked walks)."
            )
        return self.change

    def tracks(self) -> Tracker:
        """Its tracker.

        Raises:
            InputError: it gives no whole walk.
        """
        if self.tracker is None:
            raise InputError(
                f"{self.name}: says {self.says}, and no walk that could be compared with trackers; "
                f"use simgait companion evaluate {self.name}."
            )
        return self.tracker()
