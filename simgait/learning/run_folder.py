"""The folder of a training: one process at a time, and the recipe that it was begun with."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from simgait.datasets.real_recordings import same_recordings
from simgait.errors import InputError
from simgait.files import PART, cannot_be_written, refuse_file, write_whole
from simgait.folder_lock import LOCK_FILE, locked
from simgait.learning.checkpoints import Checkpoints
from simgait.provenance import collect_provenance
from simgait.text_files import read_facts

PROVENANCE_FILE = "provenance.json"
ABSENT = "not said"
DATA = "--data"
"""What real recordings are given by, and their fingerprint stands under."""


@dataclass(frozen=True)
class Recipe:
    """All that decides what comes out of a training.

    Attributes:
        model: that is trained.
        config: its settings.
        given: what was given beside them, by the name of its option: hashes of files, None where
            the option was left out.
        said: what else its provenance says, which follows from these and is not compared.
    """

    model: str
    config: BaseModel
    given: Mapping[str, str | None]
    said: Mapping[str, Any] = field(default_factory=dict)

    def record(self, **more: Any) -> dict[str, Any]:
        """Provenance of a training by this recipe, as it reads back from its file."""
        record = collect_provenance(
            self.config.model_dump(mode="json"),
            model=self.model,
            given=self.given,
            **self.said,
            **more,
        )
        read_back: dict[str, Any] = json.loads(json.dumps(record))
        return read_back


@dataclass(frozen=True)
class RunFolder:
    """A training's folder while it is ours.

    Attributes:
        provenance: what its provenance.json says; it stands in every checkpoint too.
        facts: of the newest checkpoint, None where there is none yet.
    """

    path: Path
    provenance: dict[str, Any]
    checkpoints: Checkpoints
    facts: dict[str, Any] | None


@contextmanager
def run_folder(
    path: Path,
    recipe: Recipe,
    checkpoint: str,
    tell: Callable[[str], None],
    *,
    results: Sequence[str],
    begun_from: Mapping[str, Any] | None = None,
    advice: str = "",
) -> Iterator[RunFolder]:
    """Begins a training in a folder, or goes on with the one that it holds.

    Args:
        path: of the folder; made where absent.
        recipe: that is asked for.
        checkpoint: name of the training's checkpoints.
        tell: gets sentences on what was found.
        results: names of what the training makes; where some are there already, it must be known
            of which recipe.
        begun_from: where a new training begins, for its provenance.
        advice: what else can be done where the folder's recipe is another.

    Raises:
        InputError: another process trains here, the folder's training was begun with another
            recipe or nobody knows with which, its checkpoint is another training's, or the folder
            cannot be written to.
    """
    with _made(path), locked(path, tell):
        _sweep(path)
        checkpoints = Checkpoints(path, checkpoint)
        facts = checkpoints.facts(tell)
        begun = _begun_with(path, facts, tell)
        asked = recipe.record(begun_from=begun_from, went_on=[])
        if begun is not None:
            refuse_another_recipe(path, begun, asked, type(recipe.config), advice)
            _refuse_foreign_checkpoint(path, begun, facts, type(recipe.config))
            steps = 0 if facts is None else facts["steps"]
            asked = _going_on(begun, asked, steps, tell)
        else:
            _refuse_unknown(path, results)
        write_whole(path / PROVENANCE_FILE, json.dumps(asked, indent=1) + "\n")
        try:
            yield RunFolder(path, asked, checkpoints, facts)
        except InputError:
            _forget_unbegun(path)
            raise


@contextmanager
def _made(path: Path) -> Iterator[None]:
    """Makes a folder and those above it; those of them that a refusal leaves empty go again."""
    refuse_file(path)
    made = [one for one in (path, *path.parents) if not one.exists()]
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_be_written(path, error) from error
    try:
        yield
    except InputError:
        with suppress(OSError):  # the first that holds something stays, and so do those above it
            for one in made:
                one.rmdir()
        raise


def _forget_unbegun(path: Path) -> None:
    """A training that was refused before it made anything binds nobody.

    What was wrong is mended in a table or a recipe, and the same folder is named again.
    """
    if {one.name for one in path.iterdir()} <= {PROVENANCE_FILE, LOCK_FILE}:
        (path / PROVENANCE_FILE).unlink(missing_ok=True)


def _sweep(path: Path) -> None:
    """Removes what a killed process was writing."""
    for left in [*path.glob(".*.part"), *path.glob(f"{PART}*")]:
        shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink()


def _begun_with(
    path: Path, facts: Mapping[str, Any] | None, tell: Callable[[str], None]
) -> dict[str, Any] | None:
    """The provenance of the folder's training: by its file, else by its checkpoint."""
    in_checkpoint = None if facts is None else facts.get("provenance")
    if not (path / PROVENANCE_FILE).exists() and in_checkpoint is None:
        return None
    try:
        found = read_facts(path / PROVENANCE_FILE)
        if isinstance(found.get("config"), dict):
            return found
    except InputError:
        pass
    if in_checkpoint is None:
        tell(f"{path.name}: {PROVENANCE_FILE} is damaged, and there is no checkpoint; begun anew.")
        return None
    tell(f"{path.name}: {PROVENANCE_FILE} is missing or damaged; the checkpoint knows the recipe.")
    return dict(in_checkpoint)


def _refuse_unknown(path: Path, results: Sequence[str]) -> None:
    there = [name for name in results if (path / name).exists()]
    if there:
        raise InputError(
            f"{path.name}: holds {' and '.join(there)}, and no {PROVENANCE_FILE} says by which "
            "recipe; choose another folder with -o, and give what is there with --refiner or "
            "--warm-start to reuse it."
        )


def refuse_another_recipe(
    path: Path,
    begun: Mapping[str, Any],
    asked: Mapping[str, Any],
    settings: type[BaseModel],
    advice: str = "",
) -> None:
    """Goes on only with the recipe that a training was begun with.

    Raises:
        InputError: another is asked for; every difference is named.
    """
    found = differences(begun, asked, settings)
    if found:
        raise InputError(
            f"{path.name}: this training was begun with another recipe: {', '.join(found)}; go on "
            f"with its own recipe, begin anew in another folder{advice}."
        )


def _refuse_foreign_checkpoint(
    path: Path,
    begun: Mapping[str, Any],
    facts: Mapping[str, Any] | None,
    settings: type[BaseModel],
) -> None:
    """Goes on only with a checkpoint of the folder's own recipe: somebody may have copied one.

    Raises:
        InputError: it is of another one; every difference is named.
    """
    own = None if facts is None else facts.get("provenance")
    if not isinstance(own, Mapping) or not isinstance(own.get("config"), Mapping):
        return
    found = differences(begun, own, settings)
    if found:
        raise InputError(
            f"{path.name}: its checkpoint is of another recipe than {PROVENANCE_FILE} says: "
            f"{', '.join(found)}; put back the checkpoint of this training, or begin anew in "
            "another folder."
        )


def differences(
    begun: Mapping[str, Any], asked: Mapping[str, Any], settings: type[BaseModel]
) -> list[str]:
    """What two recipes differ in, each as "ppo.seed was 0 and is 1".

    A setting that the earlier one lacks had its default: it is newer than that recipe. Real
    recordings are compared by what both say of them, as `same_recordings` does.
    """
    usual = flat(json.loads(settings().model_dump_json()))
    was, now = (
        usual
        | flat(complete(one["config"], settings))
        | {"model": one.get("model")}
        | dict(one.get("given") or {})
        for one in (begun, asked)
    )
    return [
        f"{name} was {_shown(was.get(name))} and is {_shown(now.get(name))}"
        for name in dict.fromkeys([*now, *was])
        if not _same(name, was.get(name), now.get(name))
    ]


def _same(name: str, was: Any, now: Any) -> bool:
    if name == DATA and isinstance(was, str) and isinstance(now, str):
        return same_recordings(was, now)
    return bool(was == now)


def complete(config: Mapping[str, Any], settings: type[BaseModel]) -> Mapping[str, Any]:
    """A recipe with the settings that came in later, those of a table that may be left out too.

    One that this version does not take stays as it is.
    """
    try:
        whole: dict[str, Any] = json.loads(settings.model_validate(config).model_dump_json())
    except (ValidationError, InputError):
        return config
    return whole


def flat(tables: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """Nested tables as one, with dotted names."""
    result: dict[str, Any] = {}
    for name, value in tables.items():
        place = f"{above}{name}"
        result |= flat(value, f"{place}.") if isinstance(value, Mapping) else {place: value}
    return result


def _shown(value: Any) -> str:
    return ABSENT if value is None else json.dumps(value)


def _going_on(
    begun: dict[str, Any], asked: Mapping[str, Any], steps: int, tell: Callable[[str], None]
) -> dict[str, Any]:
    earlier: Sequence[Any] = begun.get("went_on") or []
    before = earlier[-1] if earlier else begun
    changed = [
        f"{name} {was} then, {asked['versions'][name]} now"
        for name, was in (before.get("versions") or {}).items()
        if asked["versions"].get(name, was) != was
    ]
    if changed:
        tell(
            f"Other versions than before ({', '.join(changed)}): the result may differ from that "
            "of a training in one piece."
        )
    now = {key: asked[key] for key in ("date_utc", "commit", "versions")} | {"steps": steps}
    return begun | {"went_on": [*earlier, now]}
