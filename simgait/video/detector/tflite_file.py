"""Reads a TFLite file: a flat buffer that holds a graph of operations and its constants.

Fields are found by their place in the schema (tensorflow/lite/schema/schema.fbs, version 3). Only
what `tflite_graph` runs is read. The files are simgait's own (their hashes are checked), so that a
damaged one needs no sentence here.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

DTYPES = {0: np.float32, 1: np.float16, 2: np.int32, 3: np.uint8, 4: np.int64, 9: np.int8}
"""TensorType of the schema -> NumPy."""
OPERATIONS = {
    0: "add", 2: "concatenation", 3: "conv_2d", 4: "depthwise_conv_2d", 5: "depth_to_space",
    6: "dequantize", 14: "logistic", 17: "max_pool_2d", 22: "reshape", 23: "resize_bilinear",
    34: "pad", 124: "densify",
}  # fmt: skip
"""BuiltinOperator of the schema -> what it is called here."""
_SCALARS: dict[str, tuple[tuple[int, str, str], ...]] = {
    "conv_2d": (
        (0, "padding", "b"), (1, "stride_x", "i"), (2, "stride_y", "i"), (3, "activation", "b"),
    ),
    "depthwise_conv_2d": (
        (0, "padding", "b"), (1, "stride_x", "i"), (2, "stride_y", "i"), (4, "activation", "b"),
    ),
    "max_pool_2d": (
        (0, "padding", "b"), (1, "stride_x", "i"), (2, "stride_y", "i"), (3, "width", "i"),
        (4, "height", "i"),
    ),
    "add": ((0, "activation", "b"),),
    "concatenation": ((0, "axis", "i"),),
    "resize_bilinear": ((2, "align_corners", "?"), (3, "half_pixel_centers", "?")),
    "depth_to_space": ((0, "block", "i"),),
}  # fmt: skip
"""Operation -> its options: place in the options' table, name, type."""


@dataclass(frozen=True)
class Operation:
    """One step of a graph: what it does with which tensors (by number), and its options."""

    name: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    options: Mapping[str, Any]


@dataclass(frozen=True)
class Graph:
    """A network: operations in order, constant tensors by number, and what goes in and out.

    Attributes:
        shapes: of every tensor, by number.
    """

    operations: tuple[Operation, ...]
    constants: Mapping[int, np.ndarray]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    shapes: Mapping[int, tuple[int, ...]]


@dataclass(frozen=True)
class _Table:
    """A table of a flat buffer: its fields lie where its vtable says, absent ones nowhere."""

    data: bytes
    start: int

    def place(self, field: int) -> int | None:
        """Where a field lies; None where it has its default."""
        vtable = self.start - _number(self.data, self.start, "i")
        if 4 + 2 * field >= _number(self.data, vtable, "H"):
            return None
        offset = _number(self.data, vtable + 4 + 2 * field, "H")
        return self.start + offset if offset else None

    def scalar(self, field: int, kind: str, default: Any = 0) -> Any:
        """A number; `kind` as in `struct`."""
        place = self.place(field)
        return default if place is None else _number(self.data, place, kind)

    def table(self, field: int) -> _Table | None:
        """A table."""
        place = self.place(field)
        return None if place is None else _Table(self.data, _target(self.data, place))

    def tables(self, field: int) -> list[_Table]:
        """A list of tables."""
        place = self.place(field)
        if place is None:
            return []
        vector = _target(self.data, place)
        count = _number(self.data, vector, "I")
        return [
            _Table(self.data, _target(self.data, vector + 4 + 4 * i)) for i in range(int(count))
        ]

    def numbers(self, field: int, dtype: Any) -> np.ndarray:
        """A list of numbers; empty where it is absent."""
        place = self.place(field)
        if place is None:
            return np.zeros(0, dtype)
        vector = _target(self.data, place)
        count = int(_number(self.data, vector, "I"))
        return np.frombuffer(self.data, dtype, count, vector + 4)


def _number(data: bytes, place: int, kind: str) -> Any:
    return struct.unpack_from(f"<{kind}", data, place)[0]


def _target(data: bytes, place: int) -> int:
    return place + int(_number(data, place, "I"))


def read_graph(data: bytes) -> Graph:
    """The first subgraph of a TFLite file.

    Raises:
        NotImplementedError: it holds an operation that is not run here.
    """
    model = _Table(data, _target(data, 0))
    codes = [max(c.scalar(0, "b"), c.scalar(3, "i")) for c in model.tables(1)]
    graph, buffers = model.tables(2)[0], model.tables(4)
    tensors = graph.tables(0)
    constants = {
        i: value
        for i, tensor in enumerate(tensors)
        if (value := _constant(tensor, buffers[tensor.scalar(2, "I")])) is not None
    }
    return Graph(
        operations=tuple(_operation(one, codes) for one in graph.tables(3)),
        constants=constants,
        inputs=tuple(map(int, graph.numbers(1, np.int32))),
        outputs=tuple(map(int, graph.numbers(2, np.int32))),
        shapes={i: tuple(map(int, t.numbers(0, np.int32))) for i, t in enumerate(tensors)},
    )


def _operation(table: _Table, codes: list[int]) -> Operation:
    code = codes[table.scalar(0, "I")]
    if code not in OPERATIONS:
        raise NotImplementedError(f"TFLite's operation {code}")
    name = OPERATIONS[code]
    options = table.table(4)
    return Operation(
        name,
        tuple(map(int, table.numbers(1, np.int32))),
        tuple(map(int, table.numbers(2, np.int32))),
        {
            label: options.scalar(field, kind) if options is not None else 0
            for field, label, kind in _SCALARS.get(name, ())
        },
    )


def _constant(tensor: _Table, buffer: _Table) -> np.ndarray | None:
    """A tensor's values, sparse ones written out; None for one that the graph computes."""
    dtype = DTYPES[tensor.scalar(1, "b")]
    values = buffer.numbers(0, np.uint8)
    if not len(values):
        return None
    shape = tuple(map(int, tensor.numbers(0, np.int32)))
    sparsity = tensor.table(6)
    if sparsity is None:
        return values.view(dtype).reshape(shape)
    return _written_out(values.view(dtype), sparsity, shape)


def _written_out(values: np.ndarray, sparsity: _Table, shape: tuple[int, ...]) -> np.ndarray:
    """A sparse tensor with its zeros: `values` are the leaves of a tree of dense and sparse levels.

    Levels are dimensions in the order of their traversal; those beyond the tensor's own are within
    blocks (TFLite's SparsityParameters, after TACO).
    """
    order = sparsity.numbers(0, np.int32)
    block_map = sparsity.numbers(1, np.int32)
    levels = sparsity.tables(2)
    block = np.ones(len(shape), int)
    for j, dimension in enumerate(block_map):
        block[dimension] = levels[list(order).index(len(shape) + j)].scalar(1, "i")
    # Of every node of the level that was walked through last: its place along each level.
    nodes = np.zeros((1, 0), int)
    for level in levels:
        if level.scalar(0, "b") == 0:
            size = level.scalar(1, "i")
            index = np.tile(np.arange(size), len(nodes))
            nodes = np.column_stack([np.repeat(nodes, size, axis=0), index])
        else:
            ends = _integers(level, 2)
            nodes = np.column_stack([np.repeat(nodes, np.diff(ends), axis=0), _integers(level, 4)])
    place = np.zeros((len(nodes), len(shape)), int)
    for i, dimension in enumerate(order):
        if dimension < len(shape):
            place[:, dimension] += nodes[:, i] * block[dimension]
        else:
            place[:, block_map[dimension - len(shape)]] += nodes[:, i]
    out = np.zeros(shape, values.dtype)
    out[tuple(place.T)] = values
    return out


def _integers(level: _Table, field: int) -> np.ndarray:
    """A union of vectors of 32, 16 or 8 bits: its type lies before it."""
    dtype = {1: np.int32, 2: np.uint16, 3: np.uint8}[level.scalar(field, "B")]
    vector = level.table(field + 1)
    return np.zeros(0, int) if vector is None else vector.numbers(0, dtype).astype(int)
