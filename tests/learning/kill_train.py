"""Kills `simgait train` at random moments, starts it again, and compares with a run in one piece.

    python -m tests.learning.kill_train --kills 20

prints a table. Each training is killed (SIGKILL) again and again until it is through, then the next
one begins, until all kills are spent.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from simgait.learning.checkpoints import Checkpoints
from simgait.provenance import git_commit
from simgait.weight_files import load_arrays

RECIPE = """\
name = "tiny"
checkpoint_every = 20
validate_every = 100
[networks]
policy_layers = [8]
value_layers = [8]
[ppo]
n_envs = 2
unroll = 1
epochs = 1
minibatches = 1
total_steps = 800
[data]
n_synthetic = 3
n_validation = 2
frames = 60
use_real = false
mirror = false
[refiner]
n_walkers = 4
steps = 300
batch = 2
crop_frames = 32
"""
SLOWEST_S = 3600.0


@dataclass
class Tally:
    """What became of the kills: a line for each, and what was wrong."""

    lines: list[tuple[int, float, str, int, int]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    trainings: int = 0


def start(recipe: Path, folder: Path) -> subprocess.Popen[bytes]:
    """`simgait train` in a process group of its own, its words in a file beside the folder."""
    words = folder.with_suffix(".txt").open("ab")
    command = [sys.executable, "-m", "simgait", "train", "--config", recipe, "-o", folder]
    return subprocess.Popen(
        list(map(str, command)), stdout=words, stderr=words, start_new_session=True,
        env={**os.environ, "SIMGAIT_DATA": "", "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip


def doing(folder: Path) -> str:
    """What the training said last that it does."""
    words = folder.with_suffix(".txt").read_text("utf-8", "replace").replace("\r", "\n")
    last = next((line for line in reversed(words.splitlines()) if line.strip()), "")
    return last.split(":")[0].split(";")[0].strip(" .")[:40]


Stages = tuple[bool, int]
"""Whether the refiner is on disk, and how many files of walks are. Its own walks go when it comes,
so that a refiner is more than any of them."""
NOTHING: tuple[Stages, int] = ((False, 0), -1)


def kept(folder: Path) -> tuple[Stages, int]:
    """Finished stages on disk, and steps of the newest whole checkpoint."""
    refined = (folder / "refiner.safetensors").exists()
    facts = Checkpoints(folder, "run.safetensors").facts(lambda sentence: None)
    walks = len(list(folder.glob("walks/*.safetensors")))
    return (refined, walks), -1 if facts is None else facts["steps"]


def result(folder: Path) -> dict[str, object]:
    """All that must not depend on how often a training was interrupted."""
    found: dict[str, object] = {
        name: array.tobytes()
        for name, array in load_arrays(folder / "run.safetensors").items()
        if name.startswith("['state']")
    }
    for path in [*folder.glob("policy/*.safetensors"), folder / "policy" / "config.json"]:
        found[path.name] = path.read_bytes()
    found["refiner"] = (folder / "refiner.safetensors").read_bytes()
    for name in ("progress.csv", "refiner_progress.csv"):
        with (folder / name).open(newline="") as file:
            rows = list(csv.DictReader(file))
        found[name] = [{k: v for k, v in row.items() if k != "wall_s"} for row in rows]
    return found


def kill_often(recipe: Path, place: Path, kills: int, whole: Path, longest_s: float) -> Tally:
    """Spends the kills; every training that got through is compared with the one in one piece."""
    moments, tally, expected = random.Random(kills), Tally(), result(whole)
    while len(tally.lines) < kills or not tally.trainings:
        tally.trainings += 1
        folder = place / f"killed-{tally.trainings}"
        before = NOTHING
        while True:
            process = start(recipe, folder)
            spent = len(tally.lines) >= kills
            after_s = SLOWEST_S if spent else moments.uniform(0.0, longest_s)
            try:
                code = process.wait(after_s)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                now = kept(folder) if folder.exists() else NOTHING
                tally.lines.append((tally.trainings, after_s, doing(folder), before[1], now[1]))
                print(len(tally.lines), *tally.lines[-1], file=sys.stderr, flush=True)
                if now[1] < before[1] or (now[1] < 0 and now[0] < before[0]):
                    tally.wrong.append(f"{folder.name}: {before} was kept, {now} is left")
                before = now
                continue
            if code:
                tally.wrong.append(f"{folder.name}: exit code {code}, {doing(folder)}")
            else:
                found = result(folder)
                tally.wrong += [
                    f"{folder.name}: {name} differs from the training in one piece"
                    for name in expected.keys() | found.keys()
                    if expected.get(name) != found.get(name)
                ]
            break
    return tally


def run(kills: int) -> Tally:
    """A training in one piece, then the killed ones, in a temporary folder."""
    with TemporaryDirectory() as name:
        place = Path(name)
        recipe, whole = place / "tiny.toml", place / "whole"
        recipe.write_text(RECIPE)
        for folder in (place / "first", whole):  # the first one compiles
            began = time.monotonic()
            if start(recipe, folder).wait(SLOWEST_S):
                raise SystemExit(folder.with_suffix(".txt").read_text())
            longest_s = time.monotonic() - began
        tally = kill_often(recipe, place, kills, whole, longest_s)
        if result(place / "first") != result(whole):
            tally.wrong.append("two trainings in one piece differ")
        return tally


def main() -> int:
    """Prints the table; 1 if anything was lost or came out otherwise."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    kills = parser.parse_args().kills
    tally = run(kills)
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPU cores"
    print(f"\n{datetime.now(UTC):%Y-%m-%d}, commit {git_commit()[:7]}, {machine}\n")
    print("| kill | training | after s | while | steps kept before | steps kept then |")
    print("|---|---|---|---|---|---|")
    for number, (training, after_s, stage, before, now) in enumerate(tally.lines, 1):
        steps = " | ".join("none" if n < 0 else str(n) for n in (before, now))
        print(f"| {number} | {training} | {after_s:.1f} | {stage} | {steps} |")
    print(f"\n{len(tally.lines)} kills, {tally.trainings} trainings that were begun and finished.")
    print(
        "\n".join(tally.wrong) or "Nothing was lost; every result is that of the run in one piece."
    )
    return bool(tally.wrong)


if __name__ == "__main__":
    sys.exit(main())
