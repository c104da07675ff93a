"""GDI-Net and its rivals, as values: what reads a frame, what reads the frames of a window.

The frame network is published: three times [convolution 8 @ 8 × 8, ReLU, batch norm] twice with a
pool, dropout, then 16 numbers a frame. GDI-Net has an LSTM of 256 over the frames of a window and
one number at its end: 573 441 numbers at 480 × 640, batch norms' means and variances included.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import flax.linen as nn
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, UInt8

from simgait.companions.gdi_net.vgg16 import NAME as VGG16
from simgait.companions.gdi_net.vgg16 import Vgg16

FILTERS, KERNEL, POOLS, DROPOUT, DENSE, HIDDEN = 8, 8, (2, 2, 3), 0.5, 16, 256
"""As published."""
CONV1D_FILTERS, CONV1D_KERNEL, CONV1D_POOL = 20, 3, 2
"""Of the published CNN + 1D-CNN; its pool is not told, 2 is a choice."""
DEPTH = 3
"""Frames that a 3D convolution spans, a choice."""
BN_MOMENTUM = 0.95
"""Chosen: a mean over the last twenty batches or so, which are small."""
SCALE = (1 / 24, 1 / 255, 1 / 255)
"""To 0 .. 1. As published pixels go in as they are, and part numbers, to 24, weigh a tenth of U."""
LEAST_POINTS, MOST_POINTS = 30, 130
"""Buckets of the softmax, a point wide: all GDI of walkers lie between."""
N_BUCKETS = MOST_POINTS - LEAST_POINTS + 1

Reads = Literal["frames", "volume", "vgg16"]
Over = Literal["lstm", "mean", "conv1d"]


@dataclass(frozen=True)
class Design:
    """One network.

    Attributes:
        label: for tables.
        reads: a frame at a time, space and time at once, or a frame at a time by VGG16.
        over: what reads the 16 numbers of each frame of a window.
        buckets: whether it says a probability for each point of GDI, not the GDI.
        posture_first: whether the frame network learned the posture of a frame before.
        published_rmse: in the paper, points, on a split that leaks; None where it has no such.
    """

    label: str
    reads: Reads = "frames"
    over: Over = "lstm"
    buckets: bool = False
    posture_first: bool = True
    published_rmse: float | None = None


DESIGNS: Mapping[str, Design] = {
    "gdi-net": Design("GDI-Net (CNN + LSTM)", published_rmse=4.4),
    "frame-cnn": Design("frame CNN", over="mean", published_rmse=8.2),
    "cnn-1d": Design("CNN + 1D-CNN", over="conv1d", published_rmse=11.3),
    "buckets": Design("GDI-Net, softmax over points", buckets=True),
    "cnn-3d": Design("3D convolutions", reads="volume", posture_first=False),
    VGG16: Design("VGG16", reads="vgg16", over="mean", posture_first=False, published_rmse=9.5),
    "direct": Design("GDI-Net, from the GDI alone", posture_first=False),
}
FRAME, RELEASED, OWN = "frame", "gdi-net", "direct"
"""The frame network's name; the design that `run` takes, learned from rendered walkers and from a
user's own people, whose postures nobody knows."""
SHARED = tuple(name for name, one in DESIGNS.items() if one.posture_first)
"""Those that read what one and the same frame network says."""


def scaled(frames: UInt8[Array, "*B h w 3"]) -> Float[Array, "*B h w 3"]:
    """I, U, V from 0 to 1."""
    return jnp.asarray(frames, jnp.float32) * jnp.asarray(SCALE)


class VolumeConv(nn.Module):
    """A convolution in space and time, as one in space of neighbouring frames laid side by side.

    The same sums as `nn.Conv` with three axes, whose gradient takes some ten times as long on a
    processor.
    """

    depth: int

    @nn.compact
    def __call__(self, x: Float[Array, "B T h w C"]) -> Float[Array, "B T h w 8"]:
        """Of every frame, with zeros before the first and after the last."""
        b, t, h, w, channels = x.shape
        shape = (self.depth, KERNEL, KERNEL, channels, FILTERS)
        kernel = self.param("kernel", nn.initializers.lecun_normal(), shape)
        bias = self.param("bias", nn.initializers.zeros, (FILTERS,))
        before = (self.depth - 1) // 2
        padded = jnp.pad(x, ((0, 0), (before, self.depth - 1 - before), *[(0, 0)] * 3))
        beside = jnp.concatenate([padded[:, k : k + t] for k in range(self.depth)], axis=-1)
        flat = kernel.transpose(1, 2, 0, 3, 4).reshape(KERNEL, KERNEL, -1, FILTERS)
        out = jax.lax.conv_general_dilated(
            beside.reshape(b * t, h, w, -1), flat, (1, 1), "SAME",
            dimension_numbers=("NHWC", "HWIO", "NHWC"),
        )  # fmt: skip
        return jnp.asarray(out.reshape(b, t, h, w, FILTERS) + bias)


class FrameNet(nn.Module):
    """The published frame network; of a volume, with kernels over three frames."""

    depth: int = 1
    dropout: float = DROPOUT

    @nn.compact
    def __call__(self, x: Float[Array, "..."], training: bool) -> Float[Array, "... 16"]:
        """(B, h, w, 3) or, of a volume, (B, T, h, w, 3) → 16 numbers a frame."""
        volume = self.depth > 1
        for k, pool in enumerate(POOLS):
            for i in range(2):
                name = f"conv{k}{i}"
                layer: nn.Module = (
                    VolumeConv(self.depth, name=name)
                    if volume
                    else nn.Conv(FILTERS, (KERNEL, KERNEL), name=name)
                )
                x = nn.relu(layer(x))
                x = nn.BatchNorm(use_running_average=not training, momentum=BN_MOMENTUM)(x)
            window = (1,) * volume + (pool, pool)
            x = nn.max_pool(x, window, strides=window)  # type: ignore[no-untyped-call]
            x = nn.Dropout(self.dropout, deterministic=not training)(x)
        x = x.reshape(*x.shape[: 1 + volume], -1)
        return jnp.asarray(nn.Dense(DENSE)(x))


class OverTime(nn.Module):
    """From the numbers of each frame of a window to what is said of it."""

    over: Over
    outputs: int

    @nn.compact
    def __call__(self, x: Float[Array, "B T 16"], training: bool) -> Float[Array, "B K"]:
        """One number, or one for each bucket."""
        if self.over == "mean":
            return jnp.mean(nn.Dense(self.outputs)(x), axis=1)
        if self.over == "lstm":
            states: Any = nn.RNN(nn.OptimizedLSTMCell(HIDDEN))(x)
            return jnp.asarray(nn.Dense(self.outputs)(states[:, -1]))
        x = nn.relu(nn.Conv(CONV1D_FILTERS, (CONV1D_KERNEL,))(x))
        x = nn.max_pool(x, (CONV1D_POOL,), strides=(CONV1D_POOL,))  # type: ignore[no-untyped-call]
        x = nn.relu(nn.Dense(DENSE)(x.reshape(len(x), -1)))
        return jnp.asarray(nn.Dense(self.outputs)(x))


class Network(nn.Module):
    """A design as a whole, from pictures to what it says of a window (standardised)."""

    design: Design

    @nn.compact
    def __call__(
        self, frames: UInt8[Array, "B T h w 3"], training: bool = False
    ) -> Float[Array, "B K"]:
        """One number, or one for each bucket."""
        b, t = frames.shape[:2]
        x = scaled(frames)
        if self.design.reads == "volume":
            x = FrameNet(DEPTH, name="frame")(x, training)
        else:
            flat = x.reshape(b * t, *x.shape[2:])
            if self.design.reads == "vgg16":
                x = Vgg16(name="frame")(flat)
            else:
                x = FrameNet(name="frame")(flat, training)
            x = x.reshape(b, t, DENSE)
        outputs = N_BUCKETS if self.design.buckets else 1
        return jnp.asarray(OverTime(self.design.over, outputs, name="over_time")(x, training))


def fresh_variables(design: Design, size_px: tuple[int, int], frames: int, seed: int) -> Any:
    """A network before it learned anything: its "params" and "batch_stats"."""
    blank = jnp.zeros((1, frames, *size_px, 3), jnp.uint8)
    return Network(design).init(jax.random.key(seed), blank)


def fresh_part(part: str, size_px: tuple[int, int], frames: int, seed: int) -> Any:
    """What is learned at a time, before it is: "frame", or a design (`SHARED`: its time part)."""
    key = jax.random.key(seed)
    if part == FRAME:
        return FrameNet().init(key, jnp.zeros((1, *size_px, 3)), False)
    design = DESIGNS[part]
    if part not in SHARED:
        return fresh_variables(design, size_px, frames, seed)
    return time_part(design).init(key, jnp.zeros((1, frames, DENSE)), False)


def time_part(design: Design) -> OverTime:
    """What reads the numbers of a window's frames."""
    return OverTime(design.over, N_BUCKETS if design.buckets else 1)


def parameters_of(variables: Any) -> int:
    """How many numbers a network has, batch norms' means and variances included."""
    return sum(int(leaf.size) for leaf in jax.tree.leaves(variables))
