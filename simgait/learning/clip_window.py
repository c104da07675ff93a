"""Clips of a set that is larger than memory: a window of shards that moves over all of them."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import Mesh
from jaxtyping import Array, Bool, Int, Key

from simgait.learning.clip_shards import Arrays, ClipShards, arrays_of, with_arrays
from simgait.learning.config import TrainingConfig
from simgait.learning.practice import UNKNOWN
from simgait.learning.run_state import RunState
from simgait.learning.sharding import BY_ENVIRONMENT, SAME, placed, shared_out
from simgait.tracking import episodes
from simgait.tracking.clips import ClipBank, with_mirror_images

OF_ORDER, OF_STARTS = 3, 4
"""Beside the data's seed: what is drawn for the order of shards, and for episodes that begin."""


def shard_at(place: int, count: int, seed: int) -> int:
    """The shard at a place of the sequence in which a training goes through them.

    One random order of all shards after the other, each drawn by the seed and its number: whoever
    knows the place knows the shard.
    """
    order = np.random.default_rng([seed, OF_ORDER, place // count]).permutation(count)
    return int(order[place % count])


class ClipWindow:
    """A bank of clips of always the same shape, part of which is exchanged from time to time.

    `resident` shards are in the bank; every `every` iterations the one that has been there longest
    makes room for the next of the sequence, which a thread has read meanwhile. Of the shards on the
    host there is only that one. What is in the bank hangs on seed and iteration alone.
    """

    def __init__(self, shards: ClipShards, config: TrainingConfig, mesh: Mesh | None) -> None:
        """Reads nothing yet. `mesh`: see `sharding`."""
        self._shards, self._config, self._mesh = shards, config, mesh
        self.resident = min(config.data.resident_shards, shards.count)
        self._moves = self.resident < shards.count
        self._reader = ThreadPoolExecutor(1, "shards")
        self._next: tuple[int, Future[Arrays]] | None = None
        self._put = jax.jit(_put_rows, donate_argnums=0)
        self._begin = jax.jit(partial(_begin_anew, config, mesh))

    def close(self) -> None:
        """Ends the thread."""
        self._reader.shutdown(wait=True, cancel_futures=True)

    def first(self, done: int) -> ClipBank:
        """The bank as it is after so many iterations; the shard that comes next is being read.

        Raises:
            InputError: a shard's file is missing or damaged.
        """
        moved = self._moved(max(done - 1, 0))
        bank: ClipBank | None = None
        for place in range(moved, moved + self.resident):
            arrays = self._ready(self._shards.load(self._shard(place)))
            bank = self._empty(arrays) if bank is None else bank
            bank = self._with(bank, arrays, place)
        assert bank is not None  # at least one shard is resident
        self._read_ahead(moved + self.resident)
        return bank

    def turn(
        self, iteration: int, run: RunState, clips: ClipBank
    ) -> tuple[RunState, ClipBank] | None:
        """Before an iteration: run and bank with the next shard, or None where it is not its turn.

        Episodes in clips that leave end, and others begin; nothing is lost of them, as what an
        iteration learns from ends before.

        Raises:
            InputError: the shard's file is missing or damaged.
        """
        if not self._moves or iteration == 0 or iteration % self._config.data.rotate_every:
            return None
        place = self._moved(iteration) + self.resident - 1
        assert self._next is not None and self._next[0] == place
        arrays = self._ready(self._next[1].result())
        self._next = None
        self._read_ahead(place + 1)
        row = self._row(place)
        clips = self._with(clips, placed(arrays, self._mesh, SAME), place)
        clips = placed(clips, self._mesh, SAME)
        size, at = len(arrays["length"]), np.arange(clips.n_clips)
        gone = (run.env.info["clip"] >= row) & (run.env.info["clip"] < row + size)
        seeds = np.random.SeedSequence([self._config.data.seed, OF_STARTS, place])
        key = jax.random.key(int(seeds.generate_state(1)[0]))
        keys = jax.random.split(key, self._config.learner.n_envs)
        keys = placed(keys, self._mesh, BY_ENVIRONMENT)
        env = placed(self._begin(clips, keys, gone, run.env), self._mesh, BY_ENVIRONMENT)
        if run.rates is not None:  # nobody has walked the new ones yet
            unknown = jnp.where((at >= row) & (at < row + size), UNKNOWN, run.rates)
            run = replace(run, rates=placed(unknown, self._mesh, SAME))
        return replace(run, env=env), clips

    def _moved(self, iteration: int) -> int:
        """How many shards have left the bank when an iteration begins."""
        return iteration // self._config.data.rotate_every if self._moves else 0

    def _shard(self, place: int) -> int:
        return shard_at(place, self._shards.count, self._config.data.seed)

    def _row(self, place: int) -> int:
        """The first row of the bank that holds the shard at a place."""
        images = 2 if self._config.data.mirror else 1
        return place % self.resident * self._shards.size * images

    def _read_ahead(self, place: int) -> None:
        if self._moves:
            self._next = place, self._reader.submit(self._shards.load, self._shard(place))

    def _ready(self, arrays: Arrays) -> dict[str, Any]:
        """Arrays of a shard with its mirror images where the recipe has them."""
        bank = with_arrays(self._shards.like, {k: jnp.asarray(v) for k, v in arrays.items()})
        return arrays_of(with_mirror_images(bank) if self._config.data.mirror else bank)

    def _with(self, bank: ClipBank, arrays: dict[str, Any], place: int) -> ClipBank:
        """The bank with the shard of a place; the memory of the one before is used again."""
        # Not that of what is the same for all clips: other banks have it, too.
        return with_arrays(bank, self._put(arrays_of(bank), arrays, self._row(place)))

    def _empty(self, arrays: dict[str, Any]) -> ClipBank:
        """A bank with room for all resident shards."""
        room = {
            name: jnp.zeros((self.resident * len(v), *v.shape[1:]), v.dtype)
            for name, v in arrays.items()
        }
        return with_arrays(self._shards.like, room)


def _put_rows(
    held: dict[str, Array], arrays: dict[str, Array], row: Int[Array, ""]
) -> dict[str, Array]:
    return {
        name: jax.lax.dynamic_update_slice_in_dim(held[name], own, row, 0)
        for name, own in arrays.items()
    }


def _begin_anew(
    config: TrainingConfig,
    mesh: Mesh | None,
    clips: ClipBank,
    keys: Key[Array, " N"],
    gone: Bool[Array, " N"],
    env: Any,
) -> Any:
    """Environments, those whose clips are gone with new episodes."""

    def each(clips: ClipBank, keys: Key[Array, " N"]) -> Any:
        return jax.vmap(lambda key: episodes.reset(config.tracking, clips, key))(keys)

    fresh = shared_out(each, mesh, 1)(clips, keys)
    return jax.tree.map(
        lambda new, old: jnp.where(gone.reshape(-1, *[1] * (new.ndim - 1)), new, old), fresh, env
    )
