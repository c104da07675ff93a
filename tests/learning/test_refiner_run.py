"""A refiner in two stages: the same weights in one piece or not, and the mean of both stages."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest

from simgait.errors import InputError
from simgait.learning import refiner_run
from simgait.learning.config import DataConfig, FurtherRefinerConfig, TrainingConfig
from simgait.learning.progress import SILENT
from simgait.learning.refiner_run import BEFORE_FILE, train_refiner_alone
from simgait.learning.refiner_training import RefinerConfig
from simgait.learning.stop_request import StopRequest
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.tracking.policies import load_refiner
from tests.learning.test_training import StopAt

TINY: dict[str, Any] = {"n_walkers": 2, "steps": 2, "batch": 2, "crop_frames": 16, "width": 16}
ONE_STAGE = TrainingConfig(refiner=RefinerConfig(**TINY), data=DataConfig(use_real=False))
RESULTS = {
    "provenance.json", "refiner.safetensors", "refiner_families_progress.csv",
    "refiner_progress.csv",
}  # fmt: skip


def two_stages(share: float) -> TrainingConfig:
    further = FurtherRefinerConfig(**TINY, walkers="restyled", share=share)
    return ONE_STAGE.model_copy(update={"refiner_families": further})


@pytest.fixture(autouse=True)
def few_walkers(hardly_optimised: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refiner_run, "N_VALIDATION", 2)


def trained(config: TrainingConfig, folder: Path, stop: StopRequest | None = None) -> Path:
    return train_refiner_alone(config, folder, None, SILENT, stop or StopRequest())


def params(path: Path) -> Mapping[str, Any]:
    weights: Mapping[str, Any] = load_refiner(path, TRIMMED_HUMANOID).params
    return weights


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith(".")}


def interrupted(*_arguments: object, **_more: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.slow
def test_two_stages_give_the_mean_of_both_by_its_share(tmp_path: Path) -> None:
    before = params(trained(ONE_STAGE, tmp_path / "one"))
    after = params(trained(two_stages(1.0), tmp_path / "after"))
    mean = params(trained(two_stages(0.25), tmp_path / "mean"))
    moved = False
    for was, then, got in zip(*map(jax.tree.leaves, (before, after, mean)), strict=True):
        np.testing.assert_allclose(got, 0.75 * was + 0.25 * then, atol=1e-6)
        moved |= not np.allclose(was, then, atol=1e-4)
    assert moved, "the second stage must have learned"
    assert names(tmp_path / "mean") == RESULTS, "nothing is kept that has served"
    assert names(tmp_path / "one") == RESULTS - {"refiner_families_progress.csv"}


@pytest.mark.slow
def test_a_refiner_stopped_between_and_in_its_stages_goes_on_to_the_same_bits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = two_stages(0.5)
    whole = trained(config, tmp_path / "whole")
    run = tmp_path / "run"
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(refiner_run, "restyled_examples", interrupted)
        trained(config, run)
    assert names(run) == {"provenance.json", "refiner_progress.csv", BEFORE_FILE}

    # The first stage is behind it: nothing of it is made or trained again.
    monkeypatch.setattr(refiner_run, "synthetic_examples", interrupted)
    with pytest.raises(KeyboardInterrupt):
        trained(config, run, StopAt(0))
    assert {"walks", BEFORE_FILE, "refiner_families_run.safetensors"} <= names(run)
    with pytest.raises(InputError, match=r"refiner_families.share was 0.5 and is 0.25"):
        trained(two_stages(0.25), run)
    again = trained(config, run)
    assert again.read_bytes() == whole.read_bytes()
    assert names(run) == RESULTS
    log = "refiner_families_progress.csv"
    assert (run / log).read_text() == (tmp_path / "whole" / log).read_text()


@pytest.mark.slow
def test_a_first_stage_of_another_recipe_is_not_gone_on_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its provenance was lost, and it is another recipe's that is asked for."""
    run = tmp_path / "run"
    monkeypatch.setattr(refiner_run, "restyled_examples", interrupted)
    with pytest.raises(KeyboardInterrupt):
        trained(two_stages(0.5), run)
    kept = (run / BEFORE_FILE).read_bytes()
    (run / "provenance.json").unlink()
    other = two_stages(0.5)
    other = other.model_copy(update={"refiner": other.refiner.model_copy(update={"seed": 1})})
    with pytest.raises(KeyboardInterrupt):
        trained(other, run)
    assert (run / BEFORE_FILE).read_bytes() != kept
