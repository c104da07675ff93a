"""A training's folder: its recipe binds, and what was lost of its files is told or made again."""

from __future__ import annotations

import json
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simgait.companions.gait_transformer.config import GaitTransformerConfig
from simgait.errors import InputError
from simgait.learning.config import FurtherRefinerConfig, TrainingConfig
from simgait.learning.run_folder import (
    PROVENANCE_FILE,
    Recipe,
    differences,
    flat,
    run_folder,
)

GIVEN = {"--refiner": None, "--warm-start": None, "--data": None}


def recipe(given: dict[str, Any] = GIVEN, **ppo: object) -> Recipe:
    usual = TrainingConfig()
    return Recipe(
        "policy", usual.model_copy(update={"ppo": usual.ppo.model_copy(update=ppo)}), given
    )


@contextmanager
def opened(folder: Path, asked: Recipe, tell=pytest.fail):
    with run_folder(
        folder, asked, "run.safetensors", tell, results=("policy",), advice=", or else"
    ) as run:
        yield run


def test_the_same_recipe_goes_on_and_the_provenance_says_so(tmp_path: Path) -> None:
    with opened(tmp_path / "run", recipe()) as run:
        assert run.facts is None and run.provenance["went_on"] == []
        run.checkpoints.save({"w": np.zeros(2)}, {"steps": 5, "provenance": run.provenance})
    with opened(tmp_path / "run", recipe()) as run:
        assert run.facts is not None and run.facts["steps"] == 5
        assert [part["steps"] for part in run.provenance["went_on"]] == [5]
    written = json.loads((tmp_path / "run" / PROVENANCE_FILE).read_text())
    assert written == run.provenance and written["config"]["ppo"]["seed"] == 0


def test_another_recipe_is_refused_and_every_difference_named(tmp_path: Path) -> None:
    with opened(tmp_path / "run", recipe()):
        pass
    before = (tmp_path / "run" / PROVENANCE_FILE).read_bytes()
    other = recipe(GIVEN | {"--refiner": "ab" * 4}, learning_rate=0.001, seed=3, total_steps=9)
    with pytest.raises(InputError) as told, opened(tmp_path / "run", other):
        pass
    for words in (
        "ppo.learning_rate was 0.0003 and is 0.001",
        "ppo.seed was 0 and is 3",
        "ppo.total_steps was 18000000 and is 9",
        '--refiner was not said and is "abababab"',
        "or else",
    ):
        assert words in str(told.value)
    assert str(told.value).count(" was ") == 5
    assert (tmp_path / "run" / PROVENANCE_FILE).read_bytes() == before


def test_a_training_that_was_refused_at_once_binds_nobody(tmp_path: Path) -> None:
    folder, mended = tmp_path / "run", recipe(GIVEN | {"--refiner": "ab" * 4})
    with pytest.raises(InputError, match="that table"), opened(folder, recipe()):
        raise InputError("mend that table")
    with pytest.raises(InputError, match="later"), opened(folder, mended):
        (folder / "walks.npz").write_text("made by this recipe")
        raise InputError("later")
    with pytest.raises(InputError, match="begun with another recipe"), opened(folder, recipe()):
        pass


@pytest.mark.parametrize("was_there", [False, True])
def test_what_is_refused_at_once_leaves_no_empty_folder_that_it_made(
    was_there: bool, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    if was_there:
        folder.mkdir()
    with pytest.raises(InputError, match="no such column"), opened(folder, recipe()):
        raise InputError("labels.csv: no such column.")
    assert folder.is_dir() is was_there
    # A training that made something keeps its folder.
    with pytest.raises(InputError, match="full"), opened(tmp_path / "begun", recipe()) as run:
        run.checkpoints.save({"w": np.zeros(2)}, {"steps": 5, "provenance": run.provenance})
        raise InputError("the disk is full.")
    assert run.checkpoints.facts(pytest.fail)["steps"] == 5


def test_recordings_are_compared_by_what_both_fingerprints_say(tmp_path: Path) -> None:
    older = recipe(GIVEN | {"--data": "4 files, abc"})
    with opened(tmp_path / "run", older):
        pass
    with opened(tmp_path / "run", recipe(GIVEN | {"--data": "4 files, abc, contents 12"})) as run:
        assert run.provenance["given"]["--data"] == "4 files, abc"
    for data in ("4 files, abd, contents 12", None):
        other = recipe(GIVEN | {"--data": data})
        words = '--data was "4 files, abc" and is'
        with pytest.raises(InputError, match=words), opened(tmp_path / "run", other):
            pass
    known = recipe(GIVEN | {"--data": "4 files, abc, contents 12"})
    with opened(tmp_path / "new", known):
        pass
    changed = recipe(GIVEN | {"--data": "4 files, abc, contents 13"})
    words = "contents 12.* and is .*contents 13"
    with pytest.raises(InputError, match=words), opened(tmp_path / "new", changed):
        pass


@pytest.mark.parametrize("settings", [TrainingConfig, GaitTransformerConfig])
def test_every_setting_of_a_recipe_counts(settings: type) -> None:
    base = Recipe("x", settings(), {}).record()
    names = flat(base["config"])
    assert len(names) > 15
    for name in names:
        other = json.loads(json.dumps(base))
        *above, last = name.split(".")
        table = other["config"]
        for part in above:
            table = table[part]
        table[last] = "something else"
        (told,) = differences(base, other, settings)
        assert told.startswith(f"{name} was ") and told.endswith(' and is "something else"')
        # What an earlier version did not know had its default.
        del table[last]
        assert not differences(other, base, settings)


def test_what_a_table_that_may_be_left_out_lacks_has_its_default() -> None:
    further = FurtherRefinerConfig(steps=3)
    asked = Recipe("x", TrainingConfig(refiner_families=further), {}).record()
    begun = json.loads(json.dumps(asked))
    del begun["config"]["refiner_families"]["seed"]
    assert not differences(begun, asked, TrainingConfig)
    begun["config"]["refiner_families"]["share"] = 0.25
    (told,) = differences(begun, asked, TrainingConfig)
    assert told == "refiner_families.share was 0.25 and is 0.5"
    # A recipe of before the table had none, and then it counts that there is one.
    older = Recipe("x", TrainingConfig(), {}).record()
    del older["config"]["refiner_families"]
    found = differences(older, asked, TrainingConfig)
    assert "refiner_families.steps was not said and is 3" in found


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b"\xff\xfe\x00", b"{}"])
def test_a_lost_provenance_is_known_from_the_checkpoint(
    tmp_path: Path, content: bytes | None
) -> None:
    with opened(tmp_path / "run", recipe()) as run:
        run.checkpoints.save({"w": np.zeros(2)}, {"steps": 5, "provenance": run.provenance})
    path = tmp_path / "run" / PROVENANCE_FILE
    path.unlink() if content is None else path.write_bytes(content)
    told: list[str] = []
    with (
        pytest.raises(InputError, match="ppo.seed was 0 and is 1"),
        opened(tmp_path / "run", recipe(seed=1), told.append),
    ):
        pass
    with opened(tmp_path / "run", recipe(), told.append):
        pass
    assert len(told) == 2 and all("the checkpoint knows the recipe" in line for line in told)
    assert json.loads(path.read_text())["config"]["ppo"]["seed"] == 0


def test_a_checkpoint_that_another_recipe_left_is_not_gone_on_with(tmp_path: Path) -> None:
    for name, seed in (("one", 0), ("other", 1)):
        with opened(tmp_path / name, recipe(seed=seed)) as run:
            run.checkpoints.save({"w": np.zeros(2)}, {"steps": 5, "provenance": run.provenance})
    shutil.copyfile(tmp_path / "other" / "run.safetensors", tmp_path / "one" / "run.safetensors")
    before = (tmp_path / "one" / PROVENANCE_FILE).read_bytes()
    with (
        pytest.raises(InputError, match="one: its checkpoint is of another recipe") as told,
        opened(tmp_path / "one", recipe()),
    ):
        pass
    assert "ppo.seed was 0 and is 1; put back" in str(told.value)
    assert (tmp_path / "one" / PROVENANCE_FILE).read_bytes() == before


def test_results_of_an_unknown_recipe_are_not_taken_for_this_ones(tmp_path: Path) -> None:
    (tmp_path / "run" / "policy").mkdir(parents=True)
    with (
        pytest.raises(InputError, match="holds policy, and no provenance.json says"),
        opened(tmp_path / "run", recipe()),
    ):
        pass
    assert [file.name for file in (tmp_path / "run").iterdir()] == ["policy"]


def test_what_a_killed_process_was_writing_is_swept(tmp_path: Path) -> None:
    for name in (".abc.part", ".run.before.safetensors.part", "notes.part", ".mine"):
        (tmp_path / name).write_text("half")
    (tmp_path / ".simgait-part-xyz" / "new").mkdir(parents=True)
    with opened(tmp_path, recipe()):
        pass
    assert {file.name for file in tmp_path.iterdir()} == {"notes.part", ".mine", PROVENANCE_FILE}


def test_other_versions_are_said(tmp_path: Path) -> None:
    with opened(tmp_path, recipe()):
        pass
    facts = json.loads((tmp_path / PROVENANCE_FILE).read_text())
    facts["versions"]["jax"] = "0.0.1"
    (tmp_path / PROVENANCE_FILE).write_text(json.dumps(facts))
    told: list[str] = []
    with opened(tmp_path, recipe(), told.append):
        pass
    assert len(told) == 1 and "jax 0.0.1 then" in told[0]
