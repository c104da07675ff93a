"""VGG16 begins at nothing, or with the convolutions of a user's file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest
from safetensors.numpy import save_file

from simgait.companions.gdi_net.config import load_gdi_net_config
from simgait.companions.gdi_net.frames import WINDOW
from simgait.companions.gdi_net.networks import fresh_part
from simgait.companions.gdi_net.vgg16 import BLOCKS, NAME, layers, with_convolutions_of
from simgait.errors import InputError

SIZE = (48, 36)


def blank() -> Any:
    """Parameters in their shapes, all zero."""
    shapes = jax.eval_shape(lambda: fresh_part(NAME, SIZE, WINDOW, 0))
    return jax.tree.map(lambda leaf: np.zeros(leaf.shape, np.float32), shapes)["params"]["frame"]


def of_torch() -> dict[str, np.ndarray]:
    """What torchvision would write, each kernel full of its number."""
    arrays: dict[str, np.ndarray] = {}
    inputs = 3
    names = iter(layers().values())
    for filters, convolutions in BLOCKS:
        for _ in range(convolutions):
            name = next(names)
            arrays[f"{name}.weight"] = np.full((filters, inputs, 3, 3), len(arrays), np.float32)
            arrays[f"{name}.bias"] = np.full(filters, -len(arrays), np.float32)
            inputs = filters
    return arrays


def test_the_published_convolutions_are_thirteen_of_14_7_million_numbers() -> None:
    found = [one for name, one in blank().items() if name.startswith("block")]
    assert len(found) == 13 == len(layers())
    assert sum(v.size for one in found for v in one.values()) == 14_714_688
    assert list(layers().values())[:3] == ["features.0", "features.2", "features.5"]
    assert list(layers().values())[-1] == "features.28"


def test_a_users_convolutions_are_taken_and_the_rest_is_left(tmp_path: Path) -> None:
    file, arrays = tmp_path / "vgg16.safetensors", of_torch()
    arrays["features.0.weight"][5, 2, 0, 1] = 77.0
    save_file(arrays | {"classifier.0.bias": np.zeros(3, np.float32)}, file)
    params = blank()
    found = with_convolutions_of(file, params)
    assert found["block0_0"]["kernel"][0, 1, 2, 5] == 77.0
    assert (found["block4_2"]["bias"] == arrays["features.28.bias"]).all()
    assert found["dense"] is params["dense"]


def test_another_network_is_a_sentence(tmp_path: Path) -> None:
    arrays = of_torch()
    fewer = {name: value for name, value in arrays.items() if name != "features.7.bias"}
    other = arrays | {"features.2.weight": np.zeros((64, 64, 1, 1), np.float32)}
    for name, wrong, sentence in (
        ("fewer", fewer, "fewer.safetensors: has no features.7.bias; write torchvision's vgg16"),
        ("other", other, r"other.safetensors: features.2.weight is of shape \(64, 64, 1, 1\)"),
    ):
        save_file(wrong, tmp_path / f"{name}.safetensors")
        with pytest.raises(InputError, match=sentence):
            with_convolutions_of(tmp_path / f"{name}.safetensors", blank())
    recipe = tmp_path / "recipe.toml"
    recipe.write_text('designs = ["gdi-net"]\nvgg16_weights = "x.safetensors"\n', "utf-8")
    with pytest.raises(InputError, match="vgg16_weights are of the design vgg16, which is not"):
        load_gdi_net_config(recipe)
