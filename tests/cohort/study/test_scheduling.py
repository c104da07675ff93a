"""Work that others do: in order, so many at a time, and again where a worker is lost. No Ray."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from typing import TypeVar

import pytest

from simgait.cohort.study.lost import GivenUpError, UnfitWorkerError, WorkerLostError
from simgait.cohort.study.scheduling import MOST_LOST, Underway, in_order

Value = TypeVar("Value")


def kept(value: Value) -> Future[Value]:
    """A promise that is kept already."""
    found: Future[Value] = Future()
    found.set_result(value)
    return found


class Workers:
    """Do what they are asked for when they are told to; some die of an item.

    Args:
        deaths: item -> how often a worker dies of it.
    """

    def __init__(self, deaths: dict[int, int] | None = None) -> None:
        self.deaths = dict(deaths or {})
        self.asked: list[list[int]] = []
        self.waiting: list[tuple[Future[list[int]], list[int]]] = []

    def start(self, batch: Sequence[int]) -> Future[list[int]]:
        promise: Future[list[int]] = Future()
        self.asked.append(list(batch))
        self.waiting.append((promise, list(batch)))
        return promise

    def at_once(self, batch: Sequence[int]) -> Future[list[int]]:
        promise = self.start(batch)
        self.finish()
        return promise

    def finish(self, place: int = -1) -> None:
        promise, batch = self.waiting.pop(place)
        for one in batch:
            if self.deaths.get(one, 0):
                self.deaths[one] -= 1
                promise.set_exception(WorkerLostError())
                return
        promise.set_result([10 * one for one in batch])


def test_what_is_read_ahead_comes_in_the_order_of_the_manifest() -> None:
    workers = Workers()

    def start(item: int) -> Future[list[int]]:
        promise = workers.start([item])
        if len(workers.waiting) == 3:  # the third is begun before the first is asked for
            for place in (2, 0, 0):
                workers.finish(place)
        return promise

    found = in_order(start, range(6), ahead=2)
    assert [next(found) for _ in range(3)] == [(0, [0]), (1, [10]), (2, [20])]
    assert len(workers.asked) == 5
    workers.finish(0)
    assert next(found) == (3, [30])


def test_a_recording_whose_worker_dies_is_read_again_and_given_up_in_the_end() -> None:
    workers = Workers({1: 1, 2: 99})
    ended = in_order(lambda one: workers.at_once([one]), range(4), ahead=0)
    found = dict(ended)
    assert [found[0], found[1], found[3]] == [[0], [10], [30]]
    assert isinstance(found[2], GivenUpError) and f"{MOST_LOST} times" in str(found[2])
    assert len(workers.asked) == 3 + 1 + MOST_LOST


def test_what_breaks_a_reader_does_not_take_the_others() -> None:
    def read(item: int) -> Future[int]:
        if item != 1:
            return kept(item)
        promise: Future[int] = Future()
        promise.set_exception(OSError("gone"))
        return promise

    found = in_order(read, range(3), ahead=1)
    assert [value for _, value in found if not isinstance(value, OSError)] == [0, 2]


def test_so_many_batches_are_underway_and_those_that_end_first_come_first() -> None:
    workers = Workers()
    underway = Underway(workers.start, at_once=3)
    assert list(underway.add([1])) == list(underway.add([2])) == []
    workers.finish(1)
    assert list(underway.add([3])) == [[(2, 20)]]
    workers.finish(0)
    workers.finish(0)
    assert sorted(underway.rest()) == [[(1, 10)], [(3, 30)]]


@pytest.mark.parametrize("at_once", [1, 3])
def test_a_batch_whose_worker_is_killed_is_done_again_as_it_was(at_once: int) -> None:
    workers = Workers({2: MOST_LOST - 1})
    underway = Underway(workers.at_once, at_once)
    found = [*underway.add([1, 2, 3]), *underway.add([4]), *underway.rest()]
    assert sorted(found) == [[(1, 10), (2, 20), (3, 30)], [(4, 40)]]
    assert workers.asked.count([1, 2, 3]) == MOST_LOST and len(workers.asked) == MOST_LOST + 1


def test_the_walk_that_kills_workers_is_found_and_the_others_are_tracked() -> None:
    workers = Workers({2: 99})
    underway = Underway(workers.at_once, at_once=2)
    found = [one for batch in (*underway.add([1, 2, 3]), *underway.rest()) for one in batch]
    assert len(found) == 3
    (killer,) = [value for item, value in found if item == 2]
    assert isinstance(killer, GivenUpError)
    assert dict(found)[1] == 10 and dict(found)[3] == 30
    assert len(workers.asked) == MOST_LOST + 2 + MOST_LOST


def test_an_error_of_a_batch_is_that_of_each_of_its_walks() -> None:
    def start(batch: Sequence[int]) -> Future[list[int]]:
        promise: Future[list[int]] = Future()
        promise.set_exception(ValueError("no"))
        return promise

    underway: Underway[int, int] = Underway(start, 1)
    ((first, second),) = [*underway.add([1, 2]), *underway.rest()]
    assert isinstance(first[1], ValueError) and second[0] == 2


def test_workers_that_can_do_nothing_stop_the_study_and_fail_no_recording() -> None:
    def start(_: object) -> Future[list[int]]:
        promise: Future[list[int]] = Future()
        promise.set_exception(UnfitWorkerError("another simgait"))
        return promise

    underway: Underway[int, int] = Underway(start, 1)
    with pytest.raises(UnfitWorkerError):
        list(underway.add([1, 2]))
    read = in_order(start, [1], ahead=0)
    with pytest.raises(UnfitWorkerError):
        next(read)
