"""A forest of plain arrays says what scikit-learn's says, and learns what is there."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.estimators.forest import LEAF, Forest, Growth, fit_forest, load_forest, save_forest

GROWTH = Growth(trees=5, least_leaf=4)


@pytest.fixture(scope="module")
def rows() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    features = rng.normal(size=(300, 6)).astype(np.float32)
    # A step and a product: no linear rule says either.
    targets = np.stack([3.0 * (features[:, 0] > 0.2), features[:, 1] * features[:, 2]], axis=1)
    targets[::7, 1] = np.nan
    return features, targets


@pytest.fixture(scope="module")
def forest(rows: tuple[np.ndarray, np.ndarray]) -> Forest:
    pytest.importorskip("sklearn")
    return fit_forest(*rows, GROWTH)


def test_it_says_what_scikit_learns_says(
    rows: tuple[np.ndarray, np.ndarray], forest: Forest
) -> None:
    ensemble = pytest.importorskip("sklearn.ensemble")
    features, targets = rows
    asked = np.random.default_rng(1).normal(size=(50, 6)).astype(np.float32)
    for k in range(2):
        known = np.isfinite(targets[:, k])
        theirs = ensemble.RandomForestRegressor(
            5, min_samples_leaf=4, max_features=1.0 / 3.0, random_state=0
        ).fit(features[known], targets[known, k])
        assert forest(asked)[:, k] == pytest.approx(theirs.predict(asked), rel=1e-5, abs=1e-6)


def test_a_step_is_learned(forest: Forest) -> None:
    low, high = np.zeros((1, 6)), np.zeros((1, 6))
    low[0, 0], high[0, 0] = -1.0, 1.0
    assert forest(low)[0, 0] < 0.7 and forest(high)[0, 0] > 2.3


def test_it_comes_back_from_its_file_as_it_was(forest: Forest, tmp_path: Path) -> None:
    save_forest(tmp_path / "f.safetensors", forest)
    again = load_forest(tmp_path / "f.safetensors", 6, 2)
    asked = np.random.default_rng(2).normal(size=(20, 6))
    assert (again(asked) == forest(asked)).all()
    with pytest.raises(InputError, match=r"f\.safetensors: no forest of 6 features and 3 targets"):
        load_forest(tmp_path / "f.safetensors", 6, 3)


def test_a_tree_that_goes_in_circles_is_refused(forest: Forest, tmp_path: Path) -> None:
    asks = int(np.flatnonzero(forest.feature != LEAF)[-1])
    greater = forest.greater.copy()
    greater[asks] = 0
    save_forest(tmp_path / "f.safetensors", replace(forest, greater=greater))
    with pytest.raises(InputError, match="no forest of"):
        load_forest(tmp_path / "f.safetensors", 6, 2)


def test_without_scikit_learn_it_says_what_to_install(
    rows: tuple[np.ndarray, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(InputError, match=r"pip install 'simgait\[forest\]'"):
        fit_forest(*rows, GROWTH)
