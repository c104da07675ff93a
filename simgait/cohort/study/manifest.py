"""The manifest of a study: one line per recording, with what is known of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from simgait.compare.column_names import ColumnName, parse_column
from simgait.near_names import nearest_name
from simgait.parameters.catalogue import parameters
from simgait.plain_text import listed
from simgait.recordings.options import WHO, ReadOptions

if TYPE_CHECKING:
    from simgait.pipeline import TrackOptions

CODES = ("trial", "person", "visit", "condition", "camera_place")
"""Columns of codes. Lines of one person, visit and `camera_place` were filmed by a camera that did
not move, and are tracked as one visit."""
NEEDED = ("trial", "person", "path")
PERSON_IN_FILE = "person_in_file"
"""What the manifest calls the fact `person` (which of several people in the file)."""
FILES = frozenset(("asf", "camera", "model", "python"))
"""Facts that are paths, from the manifest's own folder where they are relative."""
CARRIED = WHO - {"subject_id"}
"""Facts of the person that change no number, but the report: the tables have them as columns too,
as studies are divided by them."""
TRUTH = "truth_"
MEANT = {
    "subject": "person", "subject_id": "person", "participant": "person", "patient": "person",
    "participant_id": "person", "id": "trial", "trial_id": "trial", "file": "path",
    "filename": "path", "recording": "path", "session": "visit", "group": "condition",
    "fps": "fps_hz", "height": "height_m", "mass": "mass_kg", "weight": "mass_kg",
    "distance": "distance_m", "speed": "speed_mps", "belt_speed": "belt_speed_mps",
    "age": "age_years",
}  # fmt: skip
"""What people call a column -> what it is called here, where spelling does not tell."""
ALIKE = 0.8
"""Of two names' letters in common (difflib), from which on one is taken for the other misspelt:
`hieght_m` and `height_m` have 0.88, `age` and `axes` 0.57."""
Parsers = Mapping[str, Callable[[str], object]]
"""Fact of `recordings.options.ReadOptions` -> how its text is read; raises InputError."""


@dataclass(frozen=True)
class Line:
    """One line of a manifest.

    Attributes:
        number: where it stands in the file, from 1, the heading among the lines.
        codes: column of `CODES` -> what it says, "" where nothing.
        path: of the recording; None where the line names none.
        facts: what is said of the recording, as `ReadOptions` calls it.
        truth: column of the truth without `truth_` -> its number.
        own: columns that simgait does not know, and those of `CARRIED` -> their text, which is
            carried along.
        problems: sentences on what is wrong with the line.
        of_folder: whether it stands for a file that a pattern found, not for a line of a table.
    """

    number: int
    codes: Mapping[str, str]
    path: Path | None
    facts: Mapping[str, object] = field(default_factory=dict)
    truth: Mapping[str, float] = field(default_factory=dict)
    own: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    of_folder: bool = False

    @property
    def place(self) -> str:
        """How sentences call it."""
        return f"trial {self.trial}" if self.of_folder else f"line {self.number}"

    @property
    def trial(self) -> str:
        """Code of the recording."""
        return self.codes["trial"]

    @property
    def person(self) -> str:
        """Code of who walks."""
        return self.codes["person"]

    @property
    def height_m(self) -> float | None:
        """Of the person, where the line says it."""
        found = self.facts.get("height_m")
        return found if isinstance(found, float) else None

    @property
    def visit_key(self) -> tuple[str, str, str] | None:
        """Person, visit and place of the camera; None where the line is tracked alone."""
        place = self.codes["camera_place"]
        return (self.person, self.codes["visit"], place) if place else None

    @property
    def said(self) -> ReadOptions:
        """All that is said of the recording."""
        return ReadOptions(**self.facts, subject_id=self.person or None)  # type: ignore[arg-type]

    def options(self, of_all: TrackOptions | None = None) -> TrackOptions:
        """How the recording is tracked: what the line says, and what is asked of all lines."""
        from simgait.pipeline import TrackOptions  # loads JAX, which `check` does without

        facts = {name: value for name, value in self.facts.items() if name != "height_m"}
        reader = ReadOptions(**facts, subject_id=self.person or None)  # type: ignore[arg-type]
        return replace(of_all or TrackOptions(), height_m=self.height_m, reader=reader)


@dataclass(frozen=True)
class Manifest:
    """A study's lines.

    Attributes:
        name: of the file, without folders.
        lines: in the order of the file.
        own: columns that simgait does not know and those of `CARRIED`, in their order.
        truth: columns of a truth, without `truth_`.
        problems: sentences on what is wrong with the table as a whole: nothing is tracked.
        notes: on how it was read, but for that its unknown columns are carried along.
    """

    name: str
    lines: tuple[Line, ...]
    own: tuple[str, ...] = ()
    truth: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def n_problems(self) -> int:
        """Of the table and of its lines."""
        return len(self.problems) + sum(len(line.problems) for line in self.lines)

    @property
    def unknown(self) -> list[str]:
        """Columns that simgait does not know, in their order."""
        return [column for column in self.own if column not in CARRIED]

    @property
    def study_notes(self) -> tuple[str, ...]:
        """Notes where columns of the study's own go into its tables."""
        if not self.unknown:
            return self.notes
        carried = f"columns of your own are carried along: {listed(self.unknown, 8)}."
        return (carried, *self.notes)


def fact_columns(parsers: Parsers) -> dict[str, str]:
    """Column -> fact that it says, in the order of the options of `simgait track`."""
    return {
        PERSON_IN_FILE if fact == "person" else fact: fact
        for fact in parsers
        if fact != "subject_id"  # the column `person` says it
    }


def known_columns(parsers: Parsers) -> tuple[str, ...]:
    """Every column that means something, but for those of a truth."""
    return (*CODES, "path", *fact_columns(parsers))


def is_truth(column: str) -> bool:
    """Whether a column claims to hold a truth."""
    return column.startswith(TRUTH)


def truth_name(column: str) -> ColumnName | None:
    """What a column of a truth holds; None where nobody measures it."""
    name = parse_column(column.removeprefix(TRUTH))
    return name if name.known is not None and name.suffix else None


def nearest(column: str, parsers: Parsers) -> str:
    """The column that somebody probably meant; "" where it is a column of their own."""
    lower = column.strip().lower()
    if is_truth(lower):
        measured = [f"{TRUTH}{one.summary_column(p)}" for one in parameters() for p in one.pools]
        return nearest_name(lower, measured, alike=0.0)
    return nearest_name(lower, known_columns(parsers), MEANT, ALIKE)
