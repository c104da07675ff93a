"""VGG16 (Simonyan & Zisserman 2014, arXiv 1409.1556) as a rival that reads one frame.

Its thirteen convolutions, and 16 numbers a frame in place of its dense layers. It learns from
nothing, or goes on from convolutions of a user's file, as those that learned ImageNet.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import flax.linen as nn
import numpy as np
from flax.linen.initializers import he_normal
from jaxtyping import Array, Float

from simgait.errors import InputError
from simgait.weight_files import load_named

NAME = "vgg16"
BLOCKS = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))
"""Filters and convolutions of each block, of 3 × 3; a pool of 2 ends it."""
OUTPUTS = 16
"""As many as the published frame network says."""


def layers() -> dict[str, str]:
    """Layer here -> what torchvision's state dict calls it: "features.5"."""
    found, number = {}, 0
    for k, (_, convolutions) in enumerate(BLOCKS):
        for i in range(convolutions):
            found[f"block{k}_{i}"] = f"features.{number}"
            number += 2  # the ReLU counts
        number += 1  # so does the pool
    return found


class Vgg16(nn.Module):
    """(B, h, w, 3) from 0 to 1 → 16 numbers a frame."""

    @nn.compact
    def __call__(self, x: Float[Array, "B h w 3"]) -> Float[Array, "B 16"]:
        """Of each frame."""
        for k, (filters, convolutions) in enumerate(BLOCKS):
            for i in range(convolutions):
                # flax's usual spread halves what thirteen ReLUs without batch norms hand on.
                layer = nn.Conv(filters, (3, 3), kernel_init=he_normal(), name=f"block{k}_{i}")
                x = nn.relu(layer(x))
            # Of frames below 32 pixels the last pools would have nothing left otherwise.
            x = nn.max_pool(x, (2, 2), strides=(2, 2), padding="SAME")  # type: ignore[no-untyped-call]
        return nn.Dense(OUTPUTS, name="dense")(x.reshape(len(x), -1))


def with_convolutions_of(file: Path, params: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters of a `Vgg16` with the convolutions of a file.

    Args:
        file: safetensors with the arrays of torchvision's vgg16, "features.0.weight" and so on.
        params: before they learned anything.

    Raises:
        InputError: the file cannot be read, or lacks one, or one has another shape.
    """
    arrays = load_named(file)
    out = dict(params)
    for here, there in layers().items():
        own = {}
        for part, name in (("kernel", "weight"), ("bias", "bias")):
            found = arrays.get(f"{there}.{name}")
            if found is None:
                raise InputError(
                    f"{file.name}: has no {there}.{name}; write torchvision's vgg16 as safetensors "
                    "(docs/how-to/companions.md)."
                )
            value = np.asarray(found, np.float32)
            value = value.transpose(2, 3, 1, 0) if value.ndim == 4 else value
            wanted = np.shape(params[here][part])
            if value.shape != wanted or not np.isfinite(value).all():
                raise InputError(
                    f"{file.name}: {there}.{name} is of shape {found.shape}, or no numbers; VGG16 "
                    f"has another there. Take torchvision's vgg16, without batch norms."
                )
            own[part] = value
        out[here] = own
    return out
