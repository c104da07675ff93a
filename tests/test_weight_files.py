"""Weights on disk: whole, with a checksum, of the right kind, or refused in one sentence."""

from __future__ import annotations

import resource
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file

from simgait.errors import InputError
from simgait.weight_files import load_tree, save_tree

TREE = {"w": np.linspace(-1, 1, 12, dtype=np.float32).reshape(3, 4), "n": np.int32(5)}


def same(one: dict[str, Any], two: dict[str, Any]) -> bool:
    return all(np.array_equal(one[k], two[k]) for k in TREE)


def test_every_single_flipped_byte_is_noticed_or_harmless(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    save_tree(path, TREE)
    good = path.read_bytes()
    start = 8 + int.from_bytes(good[:8], "little")
    noticed = 0
    for place in range(len(good)):
        for bit in (0x01, 0x80):
            bad = bytearray(good)
            bad[place] ^= bit
            path.write_bytes(bytes(bad))
            try:
                # Where the name of the checksum is hit, nothing that counts was.
                assert same(load_tree(path, TREE), TREE), place
            except InputError as error:
                noticed += 1
                assert str(error).startswith("w.safetensors: ")
            else:
                assert place < start, "values are covered by the checksum"
    assert noticed > 2 * (len(good) - start)


def test_a_torn_file_is_refused_at_every_length(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    save_tree(path, TREE)
    good = path.read_bytes()
    for length in range(0, len(good), 7):
        path.write_bytes(good[:length])
        with pytest.raises(InputError, match="not a readable weights file"):
            load_tree(path, TREE)


def test_whole_numbers_are_no_weights(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    for dtype in (np.int32, np.int8, np.uint8, np.bool_):
        save_file({"['w']": np.ones((3, 4), dtype)}, path)
        with pytest.raises(InputError, match="where decimal numbers belong"):
            load_tree(path, {"w": TREE["w"]})
    save_file({"['n']": np.array(5.0, np.float32)}, path)
    with pytest.raises(InputError, match="holds decimal numbers, where whole numbers belong"):
        load_tree(path, {"n": np.int32(0)})
    # Another width of the same kind is the same number.
    for wide in (np.float64, np.float16):
        save_file({"['w']": np.full((3, 4), 0.5, wide)}, path)
        back = load_tree(path, {"w": TREE["w"]})
        assert back["w"].dtype == jnp.float32 and float(back["w"][0, 0]) == 0.5


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_weights_that_are_not_finite_are_refused_where_asked(tmp_path: Path, bad: float) -> None:
    path = tmp_path / "w.safetensors"
    save_tree(path, {"w": np.array([1.0, bad], np.float32)})
    like = {"w": np.zeros(2, np.float32)}
    assert load_tree(path, like)["w"].shape == (2,)
    with pytest.raises(InputError, match=r"\['w'\] holds values that are not finite"):
        load_tree(path, like, finite=True)


def test_shapes_and_types_suffice_to_read(tmp_path: Path) -> None:
    tree = {"key": jax.random.key(3), "x": jnp.arange(3.0)}
    save_tree(tmp_path / "t.safetensors", tree)
    back = load_tree(tmp_path / "t.safetensors", jax.eval_shape(lambda: tree))
    assert jnp.array_equal(jax.random.key_data(back["key"]), jax.random.key_data(tree["key"]))
    assert jnp.array_equal(back["x"], tree["x"])


def test_the_same_tree_is_the_same_file(tmp_path: Path) -> None:
    for name in ("a", "b"):
        save_tree(tmp_path / name, TREE)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    with safe_open(tmp_path / "a", "numpy") as file:
        assert list(file.metadata()) == ["sha256"]


def test_a_full_disk_is_a_sentence_and_the_earlier_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    save_tree(path, TREE)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(InputError, match=r"w.safetensors: cannot be written .*; make room"):
            save_tree(path, {"w": np.zeros(5000, np.float32)})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert same(load_tree(path, TREE), TREE)
    assert [file.name for file in tmp_path.iterdir()] == ["w.safetensors"]
