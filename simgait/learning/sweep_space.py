"""What a search over recipes may try: a base recipe, and a range or a list for each setting."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, combinations, islice, product
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from simgait.errors import InputError
from simgait.learning.config import TrainingConfig
from simgait.learning.config_file import (
    ContradictionError,
    checked_config,
    merged,
    read_settings,
    refuse_uneven_batch,
)
from simgait.learning.sweep_problem import problem
from simgait.near_names import nearest_name
from simgait.text_files import read_toml

TRIED_OF_RANGE = 64
"""Whole numbers of a range that are tried beside another setting's value: so many in a row have
every remainder that a batch of usual size can leave."""
TRIED = 20_000
"""Recipes that are built at most to find one that a value fits; each takes .2 ms."""
Value = bool | int | float | str
Point = dict[str, Value]
"""A value for each searched setting, by its dotted name. A list stands as its JSON text: so it does
in a study's file and on a command line."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Range(_Frozen):
    """Where one setting is searched: between two numbers, or among choices."""

    low: int | float | None = Field(None, description="smallest number; whole ones where both are")
    high: int | float | None = Field(None, description="largest number")
    log: bool = Field(False, description="search the number's logarithm")
    step: int | None = Field(None, ge=1, description="between two whole numbers")
    choices: tuple[Any, ...] = Field((), description="values, lists too, instead of numbers")

    @model_validator(mode="after")
    def _one_of_both(self) -> Range:
        if self.choices:
            if (self.low, self.high, self.log, self.step) != (None, None, False, None):
                raise ValueError("choices stand alone, without low, high, log or step")
            return self
        if "choices" in self.model_fields_set:
            raise ValueError("choices is empty; name a value in it, or give low and high")
        if self.low is None or self.high is None:
            raise ValueError("give low and high, or choices")
        if not self.low < self.high:
            raise ValueError(
                f"low = {self.low} is not below high = {self.high}; give the smaller as low"
            )
        if self.log and (self.low <= 0 or self.step is not None):
            raise ValueError("log needs low > 0, and no step")
        if self.step is not None and not self.whole:
            raise ValueError("step is for whole numbers: write low and high without a point")
        return self

    @property
    def whole(self) -> bool:
        """Whether whole numbers are searched."""
        return isinstance(self.low, int) and isinstance(self.high, int)

    @property
    def values(self) -> tuple[Value, ...]:
        """The choices as a point holds them."""
        return tuple(json.dumps(v) if isinstance(v, list | tuple) else v for v in self.choices)

    @property
    def ends(self) -> tuple[Value, ...]:
        """Values that must fit the recipe for all others to."""
        if self.choices:
            return self.values
        return self._tried(1)

    @property
    def tried(self) -> tuple[Value, ...]:
        """Values that stand for all of them beside a value of another setting."""
        return self.values or self._tried(TRIED_OF_RANGE)

    def _tried(self, first: int) -> tuple[Value, ...]:
        """The first so many whole numbers of a range, and its last number."""
        low, high = self.low, self.high
        assert low is not None and high is not None
        if isinstance(low, int) and isinstance(high, int):
            drawn = range(low, high + 1, self.step or 1)
            return (*drawn[:first], *drawn[max(first, len(drawn) - 1) :])
        return low, high


class _SpaceFile(_Frozen):
    recipe: str = Field(description="a recipe, beside this file or among the shipped ones")
    steps: int = Field(ge=1, description="environment steps of each trial")
    trials: int = Field(40, ge=1, description="how many there are to be")
    seed: int = Field(0, description="of what is tried")
    before_pruning: int = Field(5, ge=1, description="finished trials before any is cut short")
    space: dict[str, Any]


@dataclass(frozen=True)
class SweepSpace:
    """A search: its base recipe's settings and what of them is searched.

    Attributes:
        name: of the file.
        recipe: name of the base recipe's file.
        settings: of the base recipe, with the steps of a trial.
        ranges: by dotted name of the setting.
        trials: how many there are to be.
        seed: of what is tried.
        before_pruning: finished trials before any is cut short.
    """

    name: str
    recipe: str
    settings: Mapping[str, Any]
    ranges: Mapping[str, Range]
    trials: int
    seed: int
    before_pruning: int

    def config(self, point: Mapping[str, Value]) -> TrainingConfig:
        """The recipe at a point.

        Raises:
            InputError: its settings contradict each other, or one is out of range.
        """
        settings: dict[str, Any] = dict(self.settings)
        for name, value in point.items():
            settings = merged(settings, _nested(name, _plain(self.ranges[name], value)))
        return checked_config(settings, self.name)

    def record(self) -> dict[str, Any]:
        """All that decides what a trial's number means, as JSON reads back."""
        ranges = {name: one.model_dump(mode="json") for name, one in self.ranges.items()}
        recipe = checked_config(dict(self.settings), self.name).model_dump(mode="json")
        record: dict[str, Any] = json.loads(json.dumps({"space": ranges, "recipe": recipe}))
        return record


def _plain(one: Range, value: Value) -> Any:
    """A point's value as the recipe has it."""
    places = {text: choice for text, choice in zip(one.values, one.choices, strict=True)}
    return places.get(value, value)


def _nested(name: str, value: Any) -> dict[str, Any]:
    head, _, rest = name.partition(".")
    return {head: _nested(rest, value) if rest else value}


def load_space(path: Path, shipped: Path) -> SweepSpace:
    """Reads a search space.

    Args:
        path: of the TOML file.
        shipped: folder of the recipes that come with simgait.

    Raises:
        InputError: the file is missing or no TOML; a setting is unknown, or the recipe does not
            take an end of its range, whatever the other settings are; the sentence names it.
    """
    if not path.is_file():
        raise InputError(f"{path.name}: there is no such search space; check the path.")
    try:
        file = _SpaceFile.model_validate(read_toml(path))
    except ValidationError as error:
        raise InputError(f"{path.name}: {problem(error, tuple(_SpaceFile.model_fields))}") from None
    ranges = dict(_ranges(path.name, file.space))
    if not ranges:
        raise InputError(f"{path.name}: [space] is empty; name a setting in it.")
    beside = path.with_name(file.recipe)
    settings = read_settings(beside if beside.is_file() else shipped / file.recipe)
    learner = checked_config(settings, path.name).learner.table
    settings = merged(settings, {learner: {"total_steps": file.steps}})
    space = SweepSpace(
        path.name, file.recipe, settings, ranges, file.trials, file.seed, file.before_pruning
    )
    known = _names(TrainingConfig().model_dump())
    for name, one in ranges.items():
        if name not in known:
            near = nearest_name(name, sorted(known))
            raise InputError(
                f"{path.name}: there is no setting {name}; "
                + (f"did you mean {near}? " if near else "")
                + "They stand in train_default.toml."
            )
        if name == f"{learner}.total_steps":
            raise InputError(f"{path.name}: {name} is every trial's; set steps instead.")
        if name == "algorithm":
            raise InputError(
                f"{path.name}: algorithms have settings of their own; search each in a space of "
                "its own."
            )
        _check_ends(space, name, one)
    for name, one in ranges.items():
        for value in one.ends:
            _refuse_hopeless(space, name, value)
    return space


def _check_ends(space: SweepSpace, name: str, one: Range) -> None:
    """Raises InputError where an end of the range is of the wrong kind, or out of bounds."""
    for value in one.ends:
        # What contradicts another setting may fit a trial in which that one differs, too.
        with suppress(ContradictionError):
            space.config({name: value})


def _refuse_hopeless(space: SweepSpace, name: str, value: Value) -> None:
    """Refuses a value that no trial could be trained with.

    It has to fit the base recipe as that is, or with one or two of the other searched settings at
    values of theirs.

    Raises:
        InputError: it fits none of these.
    """
    tried = {other: one.tried for other, one in space.ranges.items() if other != name}
    changed = chain.from_iterable(combinations(tried, n) for n in range(3))
    points = (
        dict(zip(names, values, strict=True))
        for names in changed
        for values in product(*(tried[other] for other in names))
    )
    reasons = []
    for point in islice(points, TRIED):
        try:
            refuse_uneven_batch(space.config({name: value, **point}).learner)
        except ContradictionError as error:
            reasons.append(str(error))
            continue
        return
    if len(reasons) == TRIED:
        return  # nobody knows
    raise InputError(
        f"{space.name}: {name} = {json.dumps(_plain(space.ranges[name], value))} fits no trial, "
        f"whatever the other settings are: {reasons[0].removeprefix(f'{space.name}: ')}"
    )


def _ranges(file: str, table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Range]]:
    for name, value in table.items():
        place = f"{above}{name}"
        if not isinstance(value, dict):
            raise InputError(
                f"{file}: {place} in [space] is no range; write it as {{ low = 1, high = 9 }} or "
                "{ choices = [1, 2] }."
            )
        if not set(value) & set(Range.model_fields):
            yield from _ranges(file, value, f"{place}.")
            continue
        try:
            yield place, Range.model_validate(value)
        except ValidationError as error:
            said = problem(error, tuple(Range.model_fields))
            raise InputError(f"{file}: {place}: {said}") from None


def _names(tables: Mapping[str, Any], above: str = "") -> set[str]:
    found = set()
    for name, value in tables.items():
        found.add(f"{above}{name}")
        if isinstance(value, Mapping):
            found |= _names(value, f"{above}{name}.")
    return found


def point_of(space: SweepSpace, words: list[str]) -> Point:
    """A point that a command line spells as name=value.

    Raises:
        InputError: a name is not searched, said twice or left out, or a value is outside its range.
    """
    point: Point = {}
    for word in words:
        name, equals, text = word.partition("=")
        if not equals or name not in space.ranges or name in point:
            raise InputError(
                f"--at {word}: say each of {', '.join(space.ranges)} once, as name=value."
            )
        point[name] = _spelled(space.ranges[name], name, text)
    missing = [name for name in space.ranges if name not in point]
    if missing:
        raise InputError(f"--at: {', '.join(missing)} of {space.name} has no value.")
    return point


def _spelled(one: Range, name: str, text: str) -> Value:
    for value in one.values:
        if text in (str(value), json.dumps(value)):
            return value
    if not one.choices:
        try:
            number = int(text) if one.whole else float(text)
        except ValueError:
            number = float("nan")
        assert one.low is not None and one.high is not None
        if one.low <= number <= one.high:
            return number
    among = ", ".join(map(str, one.values)) if one.choices else f"{one.low} to {one.high}"
    raise InputError(f"--at {name}={text}: is not among {among}.")
