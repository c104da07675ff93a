"""Many cases over all readers, on several processes, each case with a time limit."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz.targets import Target
from tests.fuzz.worker import Result, case_bytes, serve

HANG_S = 10.0
START_S = 300.0
SOUND = ("read", "refused")


@dataclass
class Tally:
    """What came of the cases so far; `failures` by reader, outcome and place, with the numbers."""

    outcomes: dict[str, Counter[str]] = field(default_factory=dict)
    failures: dict[tuple[str, str, str], list[tuple[int, str]]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def add(self, target: Target, number: int, result: Result, seconds: float) -> None:
        self.outcomes.setdefault(target.name, Counter())[result.outcome] += 1
        self.seconds[target.name] = self.seconds.get(target.name, 0.0) + seconds
        if result.outcome not in SOUND:
            key = target.name, result.outcome, result.place
            self.failures.setdefault(key, []).append((number, result.story))


class Worker:
    """A process that is started again whenever a case has ended it."""

    def __init__(self, seed: int, reader: str) -> None:
        self._told = seed, reader
        self._context = multiprocessing.get_context("spawn")
        self._start()

    def _start(self) -> None:
        self._connection, theirs = self._context.Pipe()
        self._process = self._context.Process(
            target=serve, args=(theirs, *self._told), daemon=False
        )
        self._process.start()
        theirs.close()
        if not self._connection.poll(START_S) or self._connection.recv() != "ready":
            raise RuntimeError("a worker of the fuzz command did not start")

    def run(self, index: int, number: int) -> Result:
        self._connection.send((index, number))
        try:
            if self._connection.poll(HANG_S):
                return self._connection.recv()
            result = Result("hang", f"> {HANG_S:g} s")
        except (EOFError, OSError):
            self._process.join()
            result = Result("died", f"exit code {self._process.exitcode}")
        self._process.kill()
        self._process.join()
        self._start()
        return result

    def close(self) -> None:
        self._connection.send(None)
        self._process.join(5.0)
        self._process.kill()


def cases(known: tuple[Target, ...], n_cases: int) -> Iterator[tuple[int, int]]:
    """(target, number) of every case; the targets take turns, so that each gets its share early."""
    counts = [max(1, round(target.share * n_cases)) for target in known]
    at = [(number / count, index, number) for index, count in enumerate(counts)
          for number in range(count)]  # fmt: skip
    return ((index, number) for _, index, number in sorted(at))


def fuzz(
    known: tuple[Target, ...],
    n_cases: int,
    seed: int,
    n_workers: int,
    longest_s: float,
    reader: str = "",
) -> Tally:
    """Run the cases of `known`, whose names begin with `reader`; after `longest_s` none begins."""
    tally, lock, todo = Tally(), threading.Lock(), cases(known, n_cases)
    end = time.monotonic() + longest_s

    def work() -> None:
        worker = Worker(seed, reader)
        try:
            while time.monotonic() < end:
                with lock:
                    case = next(todo, None)
                if case is None:
                    return
                begun = time.monotonic()
                result = worker.run(*case)
                with lock:
                    tally.add(known[case[0]], case[1], result, time.monotonic() - begun)
        finally:
            worker.close()

    threads = [threading.Thread(target=work) for _ in range(n_workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tally


def keep(folder: Path, known: tuple[Target, ...], seed: int, tally: Tally, most: int = 3) -> None:
    """Save the inputs that failed, a few of each kind, with what happened beside them."""
    by_name = {target.name: target for target in known}
    for (name, outcome, _), found in tally.failures.items():
        for number, story in found[:most]:
            target = by_name[name]
            stem = f"{''.join(c if c.isalnum() else '_' for c in name)}-{outcome}-{number}"
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{stem}{Path(target.file).suffix}"
            path.write_bytes(case_bytes(target, seed, number))
            (folder / f"{stem}.txt").write_text(story, encoding="utf-8")
