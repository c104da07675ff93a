"""Few shapes of batches: each is a program to compile."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simgait.body.batches import batches, batches_without_physics


def test_few_walks_run_together_though_their_lengths_differ() -> None:
    (made,) = batches([257, 40, 60, 250, 64, 65])
    assert sorted(made.members) == [0, 1, 2, 3, 4, 5]
    assert (made.size, made.frames, made.stored_frames) == (8, 320, 512)


def test_many_walks_of_a_length_run_among_themselves() -> None:
    lengths = [60] * 32 + [250] * 32 + [900]
    made = list(batches(lengths))
    assert [(len(b.members), b.size, b.frames) for b in made] == [
        (32, 32, 64), (32, 32, 256), (1, 1, 960),
    ]  # fmt: skip
    assert [b.stored_frames for b in made] == [512, 512, 1024]
    assert all(lengths[i] <= b.frames for b in made for i in b.members)


def test_no_walk_is_lost_and_none_runs_twice() -> None:
    lengths = [90 + 37 * i % 360 for i in range(100)]
    made = list(batches(lengths))
    assert sorted(i for b in made for i in b.members) == list(range(100))
    # Alike lengths apart would cost batches of 32 for a dozen walks each, and of many shapes.
    assert len(made) == 4
    assert list(batches([])) == []


def test_many_walks_are_parted_and_what_is_left_of_a_batch_is_filled() -> None:
    first, rest = batches([100] * 35)
    assert (len(first.members), first.size) == (32, 32)
    assert (rest.members, rest.size) == ((32, 33, 34), 8)
    assert rest.filled == (32, 33, 34, 34, 34, 34, 34, 34)


def test_as_many_walks_for_each_device_run_together() -> None:
    (made,) = batches([100] * 64, devices=2)
    assert (len(made.members), made.size) == (64, 64)
    # A few walks are not worth several devices.
    (few,) = batches([100] * 7, devices=2)
    assert few.size == 8
    first, rest = batches([100] * 70, devices=2)
    assert (first.size, rest.size) == (64, 8)


def test_without_physics_walks_of_like_length_run_by_eights() -> None:
    lengths = [300, 450, *[100] * 9]
    made = list(batches_without_physics(lengths))
    assert [(b.size, b.frames) for b in made] == [(8, 320), (8, 640)]
    assert sorted(i for b in made for i in b.members) == list(range(11))
    assert all(lengths[i] <= b.frames for b in made for i in b.members)
    (alone,) = batches_without_physics([128])
    assert (alone.members, alone.size, alone.frames) == ((0,), 1, 128)
    assert list(batches_without_physics([])) == []


@given(st.lists(st.integers(30, 1200), min_size=1, max_size=100), st.integers(1, 3), st.booleans())
def test_alike_batches_have_the_shape_that_each_walk_alone_has(
    n: list[int], devices: int, again: bool
) -> None:
    together = list(batches(n, devices, alike=True, again=again))
    assert {batch.size for batch in together} == {8 if again else 32 * devices}
    assert sorted(i for batch in together for i in batch.members) == list(range(len(n)))
    without = list(batches_without_physics(n, alike=True))
    assert sorted(i for batch in without for i in batch.members) == list(range(len(n)))
    for batch in together:
        for i in batch.members:
            (alone,) = batches([n[i]], devices, alike=True, again=again)
            # How many frames are simulated is no part of the program.
            assert (alone.size, alone.stored_frames) == (batch.size, batch.stored_frames)
    for batch in without:
        for i in batch.members:
            (alone,) = batches_without_physics([n[i]], alike=True)
            assert (alone.size, alone.frames) == (batch.size, batch.frames)


@pytest.mark.parametrize("together", [1, 64])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_study_of_walks_of_all_lengths_takes_five_programs(seed: int, together: int) -> None:
    """One each that fits frames, refines and plants feet, two steps of physics."""
    rng = np.random.default_rng(seed)
    frames = [int(n) for n in 30 * rng.uniform(3.0, 15.0, 500)]
    physics, without = set(), set()
    work = 0
    for first in range(0, 500, together):
        group = frames[first : first + together]
        for batch in batches(group, devices=2, alike=True):
            physics.add((batch.size, batch.stored_frames))
            work += batch.size * batch.frames
        for batch in batches(group[::20], devices=2, alike=True, again=True):
            physics.add((batch.size, batch.stored_frames))
        without |= {(b.size, b.frames) for b in batches_without_physics(group, alike=True)}
    assert 1 + 2 * len(without) + len(physics) == 5
    # Of two cores that simulate at a time each then has less to do than one had alone (1.37).
    assert together == 1 or work / 2 < 0.9 * sum(frames)
