"""The bars of `simgait cohort run`: throughput, growth, stops, batches, broken recordings.

Made-up walkers of the test split; the command runs as a user's does, in a process of its own.
"""

from __future__ import annotations

import importlib.util
import math
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from simgait.benchmark.same_numbers import (
    ANGLE,
    LENGTH,
    SPEED,
    Differences,
    study_differences,
    study_rows,
)
from simgait.benchmark.scorecard_rows import Row
from simgait.benchmark.study_recordings import (
    StudyLine,
    broken_lines,
    n_ways,
    sound_lines,
    write_manifest,
)
from simgait.benchmark.study_runs import (
    FULL_SAID,
    NEEDS_LINUX,
    Ended,
    can_limit,
    compiled_programs,
    run_cohort,
)
from simgait.cohort.study.columns import DONE
from simgait.errors import InputError
from simgait.jax_setup import usable_cores

FASTEST, PROGRAMS, MEMORY_GIB, LINEAR = 200.0, 6.0, 3.0, 1.2
"""Bars; `LINEAR` is chosen: a recording of the largest study may cost a fifth more than of the
smallest."""
BROKEN_SHARE = 0.05
KILLED_BATCH = 8
"""Walks tracked at a time where runs are killed: so that some are kept before the end."""
BATCHES = (1, 64)
WORKERS = (1, 4)
"""Processes of Ray."""
PARTS = 2
"""Of a study that is tracked by processes which do not know of each other."""
SEED = 72_100
MOST_RUNS = 5
"""After which a study that does not end is given up."""
X_REAL = "× real time"
YES = "1 = yes"
NAN = math.nan
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Sizes:
    """What is run.

    Attributes:
        trials: of the studies, the first is the one that the compiled programs are counted on.
        same: trials of the study that is tracked in several batches and killed.
        kills: how often it is killed.
    """

    trials: tuple[int, ...]
    same: int
    kills: int


class _Bench:
    """A folder with recordings, studies and compiled programs."""

    def __init__(self, folder: Path, tell: Tell) -> None:
        self.folder, self._tell = folder, tell
        self.cache = folder / "cache"
        self.recordings = folder / "recordings"
        self.recordings.mkdir(parents=True, exist_ok=True)

    def manifest(self, name: str, lines: Sequence[StudyLine]) -> Path:
        """Of a study of these lines."""
        path = self.recordings / f"{name}.csv"
        write_manifest(path, lines)
        return path

    def out(self, name: str) -> Path:
        """An empty place for the tables of a study."""
        found = self.folder / name
        shutil.rmtree(found, ignore_errors=True)
        return found

    def whole(self, manifest: Path, out: Path, *options: str, one_core: bool = False) -> Ended:
        """Runs a study to its end; `one_core` is that of `study_runs.run_cohort`.

        Raises:
            InputError: it does not end with tables.
        """
        self._tell(f"{out.name} ...")
        for _ in range(MOST_RUNS):
            ended = run_cohort(manifest, out, self.cache, options, one_core=one_core)
            if (out / "study.json").exists():
                return ended
        raise InputError(f"{manifest.name}: does not end: {(ended.said or ('',))[-1]}")


def cohort_bars(folder: Path, sizes: Sizes, tell: Tell = lambda _: None) -> Iterator[Row]:
    """The bars one after the other.

    Args:
        folder: for recordings, tables and compiled programs; recordings that are there stay.
        sizes: of the studies.
        tell: gets a line on what is run.

    Raises:
        InputError: a study does not end.
    """
    bench = _Bench(folder, tell)
    tell(f"making {max(*sizes.trials, sizes.same)} recordings ...")
    lines = sound_lines(bench.recordings, max(*sizes.trials, sizes.same))
    yield from _throughput(bench, lines, sizes.trials)
    yield from _same_numbers(bench, lines[: sizes.same], sizes.kills)
    yield from _broken(bench, lines[: sizes.same])


def _throughput(bench: _Bench, lines: Sequence[StudyLine], trials: Sequence[int]) -> Iterator[Row]:
    """Programs that are compiled, speed after that, and how time and memory grow."""
    first = bench.manifest("first", lines[: trials[0]])
    known = compiled_programs(bench.cache)
    cold = bench.whole(first, bench.out("first"))
    if not known:
        count = compiled_programs(bench.cache)
        yield Row(
            f"{trials[0]} trials: programs of > 0.5 s compiled", count, "", trials[0], PROGRAMS
        )
        yield Row(f"{trials[0]} trials, compiling: clock", cold.wall_s, "s", trials[0])
    each_s = []
    for count in trials:
        own = lines[:count]
        ended = bench.whole(bench.manifest("growth", own), bench.out(f"growth-{count}"))
        walked_s = sum(line.walked_s for line in own)
        each_s.append(ended.processor_s / count)
        what = f"{count} trials ({walked_s:.0f} s of walking)"
        bar = FASTEST if count == trials[0] else None
        yield Row(f"{what}: by the clock", walked_s / ended.wall_s, X_REAL, count, bar, "at_least")
        yield Row(f"{what}: processor time of a trial", 1e3 * each_s[-1], "ms", count)
        yield Row(f"{what}: memory", ended.peak_bytes / 2**30, "GiB", count, MEMORY_GIB)
    if len(trials) > 1:
        order = np.argsort(trials)
        growth = each_s[order[-1]] / each_s[order[0]]
        yield Row(
            "processor time of a trial, most / fewest trials", growth, "", len(trials), LINEAR
        )


def _same_numbers(bench: _Bench, lines: Sequence[StudyLine], kills: int) -> Iterator[Row]:
    """One study in batches of several sizes, and killed again and again."""
    manifest = bench.manifest("same", lines)
    outs = [bench.out(f"batch-{size}") for size in BATCHES]
    for size, out in zip(BATCHES, outs, strict=True):
        bench.whole(manifest, out, "--batch", str(size))
    yield from _apart(
        f"batches of {' and '.join(map(str, BATCHES))}", [study_differences(*outs)], len(lines)
    )
    yield from _one_core(bench, manifest, outs[-1], len(lines))
    if importlib.util.find_spec("ray") is not None:
        found = []
        for count in WORKERS:
            out = bench.out(f"ray-{count}")
            bench.whole(manifest, out, "--engine", "ray", "--workers", str(count))
            found.append(study_differences(outs[-1], out))
        what = f"Ray, {' and '.join(map(str, WORKERS))} workers, and one process"
        yield from _apart(what, found, len(lines))
    shares = bench.out("parts")
    for number in range(1, PARTS + 1):
        run_cohort(manifest, shares, bench.cache, ("--part", f"{number}/{PARTS}"))
    bench.whole(manifest, shares)
    found = [study_differences(outs[-1], shares)]
    yield from _apart(f"{PARTS} parts, each a process, joined", found, len(lines))
    if not kills:
        return
    whole = bench.out("undisturbed")
    options = ("--batch", str(KILLED_BATCH))
    takes_s = bench.whole(manifest, whole, *options).wall_s
    done, found = _killed(bench, manifest, whole, kills, takes_s, options)
    yield from _apart(f"killed {done} times", found, done)


def _one_core(bench: _Bench, manifest: Path, on_all: Path, n: int) -> Iterator[Row]:
    """The study on one core, beside that on all which the user has."""
    what = f"one process on 1 core and on {usable_cores()}"
    if not can_limit():
        yield Row(f"{what}: numbers that differ", NAN, "", n, 0.0, not_asked=NEEDS_LINUX)
        return
    one = bench.out("one-core")
    bench.whole(manifest, one, one_core=True)
    yield from _apart(what, [study_differences(on_all, one)], n)


def _apart(what: str, found: Sequence[Differences], n: int) -> Iterator[Row]:
    """How far studies that should be the same are apart, the worst of several."""
    other = sum(len(one.other) for one in found)
    yield Row(f"{what}: rows, texts and counts that differ", other, "", n, 0.0)
    share = 100.0 * sum(one.beyond for one in found) / max(1, sum(one.numbers for one in found))
    yield Row(f"{what}: numbers further apart than they may be", share, "%", n, 0.0)
    for kind, scale, unit in ((LENGTH, 1e3, "mm"), (SPEED, 1e3, "mm/s"), (ANGLE, 1.0, "°")):
        most = max(one.largest.get(kind.unit, 0.0) for one in found)
        bar = scale * kind.tolerance
        yield Row(f"{what}: largest difference", scale * most, unit, n, bar)


def _killed(
    bench: _Bench, manifest: Path, whole: Path, kills: int, takes_s: float, options: Sequence[str]
) -> tuple[int, list[Differences]]:
    """How often a study was killed, and what differs whenever it ended by itself."""
    random = np.random.default_rng(SEED)
    done, found = 0, []
    out = bench.out("killed")
    while True:
        at_s = float(random.uniform(0.0, takes_s)) if done < kills else None
        ended = run_cohort(manifest, out, bench.cache, options, kill_after_s=at_s)
        if ended.code < 0:
            done += 1
            continue
        found.append(study_differences(whole, out))
        out = bench.out("killed")
        if at_s is None:
            return done, found


def _broken(bench: _Bench, sound: Sequence[StudyLine]) -> Iterator[Row]:
    """A study with broken recordings, killed once, its disk full once where that can be made."""
    count = max(math.ceil(BROKEN_SHARE * len(sound)), n_ways())
    lines = [*sound, *broken_lines(bench.recordings, count)]
    manifest, out = bench.manifest("broken", lines), bench.out("broken")
    options = ("--batch", str(KILLED_BATCH))
    takes_s = bench.whole(manifest, out, *options).wall_s
    whole, out = out, bench.out("broken-killed-full")
    run_cohort(manifest, out, bench.cache, options, kill_after_s=takes_s / 2)
    said: tuple[str, ...] = ()
    limits = can_limit()
    if limits:
        said = run_cohort(manifest, out, bench.cache, options, full=True).said
    bench.whole(manifest, out, *options)
    rows = Counter(row["trial"] for row in study_rows(out, "trials"))
    yield Row(
        f"{len(sound)} sound and {count} broken: lines without a row, or rows of no line",
        len({line.trial for line in lines} ^ set(rows)), "", len(lines), 0.0,
    )  # fmt: skip
    told = float(any(FULL_SAID in line for line in said)) if limits else NAN
    yield Row(
        "the full disk was told", told, YES, 1, 1.0, "at_least",
        not_asked="" if limits else NEEDS_LINUX,
    )  # fmt: skip
    what = "killed once, disk full once" if limits else "killed once"
    yield from _apart(what, [study_differences(whole, out)], len(lines))
    names = called_done(out, lines)
    yield Row(f"broken, but called done{_listed(names)}", len(names), "", count, 0.0)


def called_done(out: Path, lines: Sequence[StudyLine]) -> list[str]:
    """In which ways recordings are broken that were called done all the same."""
    how = {line.trial: line.broken for line in lines}
    rows = study_rows(out, "trials")
    return sorted({how[row["trial"]] for row in rows if row["outcome"] == DONE} - {""})


def _listed(names: Sequence[str]) -> str:
    return f" ({', '.join(names)})" if names else ""
