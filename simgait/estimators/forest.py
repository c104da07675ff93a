"""A random forest (Breiman 2001) as a rival: grown by scikit-learn, kept and asked as plain arrays.

Who asks a forest needs no scikit-learn, and nothing is unpickled.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from simgait.errors import InputError
from simgait.weight_files import checksum, load_named, save_tree

LEAF = -1
"""In `feature`, of a node that ends a branch."""


@dataclass(frozen=True)
class Forest:
    """The mean over trees of what their leaves say, of each target by trees of its own.

    A node's lesser branch is the node after it.

    Attributes:
        feature: that each node asks for; `LEAF` where it says a value.
        number: threshold up to which a row takes the lesser branch; at a leaf its value.
        greater: node of the other branch, counted from the tree's first.
        first: node of each tree; target: that it says.
        targets: how many there are.
    """

    feature: Int[np.ndarray, " N"]
    number: Float[np.ndarray, " N"]
    greater: Int[np.ndarray, " N"]
    first: Int[np.ndarray, " T"]
    target: Int[np.ndarray, " T"]
    targets: int

    def __call__(self, features: Float[np.ndarray, "W F"]) -> Float[np.ndarray, "W K"]:
        """What it says of rows of features; NaN of a target that nobody knew."""
        # Trees were grown on single precision: a threshold lies between two such numbers.
        rows = np.asarray(features, np.float32)
        said = np.full((len(rows), self.targets), np.nan)
        for k in range(self.targets):
            own = np.flatnonzero(self.target == k)
            if len(own):
                said[:, k] = np.mean([self._of_tree(tree, rows) for tree in own.tolist()], axis=0)
        return said

    def _of_tree(self, tree: int, rows: Float[np.ndarray, "W F"]) -> Float[np.ndarray, " W"]:
        first = int(self.first[tree])
        node = np.full(len(rows), first)
        every = np.arange(len(rows))
        while (asked := self.feature[node] != LEAF).any():
            greater = rows[every, self.feature[node]] > self.number[node]
            on = np.where(greater, first + self.greater[node], node + 1)
            node = np.where(asked, on, node)
        return np.asarray(self.number[node], float)


def scikit_learn() -> Any:
    """Its module of forests.

    Raises:
        InputError: it is not installed.
    """
    try:
        from sklearn import ensemble
    except ImportError:
        raise InputError(
            "The random forest, a rival, is grown by scikit-learn, which is not installed: "
            "pip install 'simgait[forest]'."
        ) from None
    return ensemble


@dataclass(frozen=True)
class Growth:
    """How a forest is grown.

    Attributes:
        trees: of each target.
        least_leaf: rows that a leaf holds at least.
        share: of the features that a split chooses from.
        most_rows: that a tree grows on, drawn with replacement.
        seed: of bootstrap and splits.
    """

    trees: int
    least_leaf: int
    share: float = 1.0 / 3.0
    most_rows: int | None = None
    seed: int = 0


def fit_forest(
    features: Float[np.ndarray, "W F"], targets: Float[np.ndarray, "W K"], growth: Growth
) -> Forest:
    """Grows the trees of each target on the rows that say it.

    Args:
        features: rows to learn from.
        targets: NaN where a row does not say one.
        growth: of the trees.

    Raises:
        InputError: scikit-learn is not installed.
    """
    ensemble = scikit_learn()
    rows = np.asarray(features, np.float32)
    trees: list[tuple[int, Any]] = []
    for k in range(targets.shape[1]):
        known = np.isfinite(targets[:, k])
        if not known.any():
            continue
        grown = ensemble.RandomForestRegressor(
            growth.trees,
            min_samples_leaf=growth.least_leaf,
            max_features=growth.share,
            max_samples=_rows_of_a_tree(growth, int(known.sum())),
            random_state=growth.seed,
        ).fit(rows[known], np.asarray(targets[known, k], float))
        trees += [(k, one.tree_) for one in grown.estimators_]
    counts = [tree.node_count for _, tree in trees]
    parts = [_nodes(tree) for _, tree in trees]
    feature, number, greater = (np.concatenate(column) for column in zip(*parts, strict=True))
    first = np.cumsum([0, *counts[:-1]])
    return Forest(
        feature, number, greater, first.astype(np.int32),
        np.array([k for k, _ in trees], np.int32), targets.shape[1],
    )  # fmt: skip


def _rows_of_a_tree(growth: Growth, known: int) -> int | None:
    return None if growth.most_rows is None else min(growth.most_rows, known)


def _nodes(
    tree: Any,
) -> tuple[Int[np.ndarray, " n"], Float[np.ndarray, " n"], Int[np.ndarray, " n"]]:
    leaf = tree.children_left < 0
    count = np.arange(tree.node_count)
    if not (leaf | (tree.children_left == count + 1)).all():
        raise ValueError("scikit-learn did not number a lesser branch after its node")
    # The greatest single-precision number up to a threshold parts single-precision rows alike.
    single = tree.threshold.astype(np.float32)
    below = np.nextafter(single, np.float32(-np.inf))
    threshold = np.where(single > tree.threshold, below, single)
    value = tree.value[:, 0, 0].astype(np.float32)
    return (
        np.where(leaf, LEAF, tree.feature).astype(np.int16),
        np.where(leaf, value, threshold),
        np.where(leaf, 0, tree.children_right).astype(np.int32),
    )


def forest_sha256(forest: Forest) -> str:
    """SHA-256 of everything that a forest holds."""
    return checksum(_arrays(forest))


def _arrays(forest: Forest) -> dict[str, np.ndarray]:
    return {name: np.asarray(value) for name, value in vars(forest).items()}


def save_forest(path: Path, forest: Forest) -> None:
    """Writes a forest, with a checksum of its content.

    Raises:
        InputError: it cannot be written.
    """
    save_tree(path, _arrays(forest))


def load_forest(path: Path, features: int, targets: int) -> Forest:
    """Reads a forest that asks for so many features and says so many targets.

    Raises:
        InputError: the file is missing, damaged, or no such forest.
    """
    arrays = load_named(path)
    try:
        forest = Forest(
            arrays["feature"], arrays["number"], arrays["greater"], arrays["first"],
            arrays["target"], int(arrays["targets"]),
        )  # fmt: skip
        _check(forest, features, targets)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise InputError(
            f"{path.name}: no forest of {features} features and {targets} targets; fetch it again."
        ) from error
    return forest


def _check(forest: Forest, features: int, targets: int) -> None:
    """Raises ValueError where asking it would end nowhere, or beyond its arrays."""
    count = np.arange(len(forest.feature))
    tree = np.searchsorted(forest.first, count, side="right") - 1
    start, end = forest.first[tree], np.append(forest.first[1:], len(count))[tree]
    asks = forest.feature != LEAF
    onward = start + forest.greater
    sound = (
        forest.targets == targets
        and len(forest.number) == len(forest.greater) == len(count)
        and len(forest.target) == len(forest.first)
        and len(forest.first) > 0
        and forest.first[0] == 0
        and (np.diff(forest.first) > 0).all()
        and np.isin(forest.target, range(targets)).all()
        and ((forest.feature >= LEAF) & (forest.feature < features)).all()
        and (count[asks] + 1 < end[asks]).all()
        # A branch that leads onward alone cannot go round in circles.
        and ((onward > count) & (onward < end))[asks].all()
        and np.isfinite(forest.number).all()
    )
    if not sound:
        raise ValueError("no sound forest")
