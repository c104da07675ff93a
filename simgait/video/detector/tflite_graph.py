"""Runs a TFLite graph in JAX: the twelve kinds of operation that BlazePose's networks use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Array, Float

from simgait.video.detector.tflite_file import Graph, Operation

SAME = 0
"""Padding of the schema; the other one is VALID."""
ACTIVATIONS: dict[int, Callable[[Any], Any]] = {
    0: lambda x: x,
    1: lambda x: jnp.maximum(x, 0.0),
    3: lambda x: jnp.clip(x, 0.0, 6.0),
}
"""ActivationFunctionType of the schema: none, ReLU, ReLU6."""


def compiled(
    graph: Graph, outputs: Sequence[int]
) -> Callable[[Float[np.ndarray, "1 H W 3"]], list[Array]]:
    """The network as a function of a picture.

    Args:
        graph: read by `tflite_file.read_graph`.
        outputs: which of its outputs are wanted, by their place among them; what only the others
            need is not computed.
    """
    wanted = [graph.outputs[i] for i in outputs]
    needed, live = set(wanted), list[Operation]()
    for operation in reversed(graph.operations):
        if needed & set(operation.outputs):
            live.append(operation)
            needed |= set(operation.inputs)
    constants = {
        i: value.astype(np.float32) if value.dtype == np.float16 else value
        for i, value in graph.constants.items()
        if i in needed
    }

    def run(picture: Any) -> list[Array]:
        tensors: dict[int, Any] = dict(constants)
        tensors[graph.inputs[0]] = picture
        for operation in reversed(live):
            (out,) = operation.outputs
            tensors[out] = _RUN[operation.name](
                [tensors[i] for i in operation.inputs], operation.options, graph.shapes[out]
            )
        return [tensors[i] for i in wanted]

    return jax.jit(run)


def _activated(value: Any, options: Mapping[str, Any]) -> Any:
    return ACTIVATIONS[options["activation"]](value)


def _conv_2d(inputs: list[Any], options: Mapping[str, Any], _: tuple[int, ...]) -> Any:
    picture, weights, bias = inputs
    stride = (options["stride_y"], options["stride_x"])
    if weights.shape[1:3] == (1, 1) and stride == (1, 1):
        out = jnp.einsum("nhwc,oc->nhwo", picture, weights[:, 0, 0])
    else:
        out = lax.conv_general_dilated(
            picture,
            jnp.transpose(weights, (1, 2, 3, 0)),
            stride,
            "SAME" if options["padding"] == SAME else "VALID",
            dimension_numbers=("NHWC", "HWIO", "NHWC"),
        )
    return _activated(out + bias, options)


def _depthwise_conv_2d(inputs: list[Any], options: Mapping[str, Any], _: tuple[int, ...]) -> Any:
    """Shifted copies of the picture times weights: XLA's grouped convolution takes 15 times longer.

    (325 against 20 ms for the landmark network on one core.)
    """
    picture, weights, bias = inputs
    height, width = weights.shape[1:3]
    steps = options["stride_y"], options["stride_x"]
    sizes = []
    if options["padding"] == SAME:
        pads = []
        for size, kernel, step in zip(picture.shape[1:3], (height, width), steps, strict=True):
            n = -(-size // step)
            more = max((n - 1) * step + kernel - size, 0)
            pads.append((more // 2, more - more // 2))
            sizes.append(n)
        picture = jnp.pad(picture, ((0, 0), *pads, (0, 0)))
    else:
        sizes = [
            (size - kernel) // step + 1
            for size, kernel, step in zip(picture.shape[1:3], (height, width), steps, strict=True)
        ]
    ends = [(n - 1) * step + 1 for n, step in zip(sizes, steps, strict=True)]
    out = bias
    for y in range(height):
        for x in range(width):
            shifted = picture[:, y : y + ends[0] : steps[0], x : x + ends[1] : steps[1]]
            out = out + shifted * weights[0, y, x]
    return _activated(out, options)


def _max_pool_2d(inputs: list[Any], options: Mapping[str, Any], _: tuple[int, ...]) -> Any:
    return lax.reduce_window(
        inputs[0],
        -jnp.inf,
        lax.max,
        (1, options["height"], options["width"], 1),
        (1, options["stride_y"], options["stride_x"], 1),
        "SAME" if options["padding"] == SAME else "VALID",
    )


def _resize_bilinear(inputs: list[Any], options: Mapping[str, Any], _: tuple[int, ...]) -> Any:
    picture, size = inputs
    rows, columns = (
        _resizing(n, int(new), options) for n, new in zip(picture.shape[1:3], size, strict=True)
    )
    return jnp.einsum("yh,nhwc,xw->nyxc", rows, picture, columns)


def _resizing(n: int, new: int, options: Mapping[str, Any]) -> Float[np.ndarray, "M N"]:
    """Weights of `n` samples in each of `new`."""
    at = np.arange(new)
    if options["align_corners"]:
        source = at * (n - 1) / (new - 1)
    elif options["half_pixel_centers"]:
        source = np.maximum((at + 0.5) * n / new - 0.5, 0.0)
    else:
        source = at * n / new
    low = np.minimum(np.floor(source).astype(int), n - 1)
    weights = np.zeros((new, n), np.float32)
    weights[at, low] += 1.0 - (source - low)
    weights[at, np.minimum(low + 1, n - 1)] += source - low
    return weights


def _depth_to_space(inputs: list[Any], options: Mapping[str, Any], _: tuple[int, ...]) -> Any:
    block = options["block"]
    n, height, width, channels = inputs[0].shape
    left = channels // block**2
    out = inputs[0].reshape(n, height, width, block, block, left).transpose(0, 1, 3, 2, 4, 5)
    return out.reshape(n, height * block, width * block, left)


_Run = Callable[[list[Any], Mapping[str, Any], tuple[int, ...]], Any]
_RUN: dict[str, _Run] = {
    "add": lambda inputs, options, _: _activated(inputs[0] + inputs[1], options),
    "concatenation": lambda inputs, options, _: jnp.concatenate(inputs, axis=options["axis"]),
    "conv_2d": _conv_2d,
    "depthwise_conv_2d": _depthwise_conv_2d,
    "depth_to_space": _depth_to_space,
    "dequantize": lambda inputs, *_: inputs[0],
    "densify": lambda inputs, *_: inputs[0],
    "logistic": lambda inputs, *_: jax.nn.sigmoid(inputs[0]),
    "max_pool_2d": _max_pool_2d,
    "pad": lambda inputs, *_: jnp.pad(inputs[0], [tuple(map(int, row)) for row in inputs[1]]),
    "reshape": lambda inputs, _, shape: inputs[0].reshape(shape),
    "resize_bilinear": _resize_bilinear,
}
