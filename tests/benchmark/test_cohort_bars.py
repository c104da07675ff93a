"""The bars of studies, with runs of no physics: what is lost, moved or not told fails its bar."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from simgait.benchmark import cohort_bars as room
from simgait.benchmark.cohort_bars import Sizes, cohort_bars
from simgait.benchmark.same_numbers import TABLES
from simgait.benchmark.scorecard_page import count_text, row_cells
from simgait.benchmark.scorecard_rows import Row
from simgait.benchmark.study_recordings import StudyLine, n_ways
from simgait.benchmark.study_runs import Ended, run_cohort
from simgait.cli import main
from simgait.errors import InputError

pa = pytest.importorskip("pyarrow")


class Runs:
    """Stands in for the command: writes a row per line of the manifest."""

    def __init__(self) -> None:
        self.loses, self.ends, self.tells = False, True, True
        self.one_core_mps = self.ray_mps = 1.0
        self.killed = 0
        self.limited = False

    def __call__(
        self,
        manifest: Path,
        out: Path,
        cache: Path,
        options: Sequence[str] = (),
        *,
        kill_after_s: float | None = None,
        full: bool = False,
        one_core: bool = False,
    ) -> Ended:
        self.limited = self.limited or full or one_core
        if kill_after_s is not None and self.killed < 2:
            self.killed += 1
            return Ended(-9, kill_after_s, 1.0, 2**30, ())
        if not self.ends:
            return Ended(1, 1.0, 1.0, 2**30, ("simgait: no.",))
        trials = [line.split(",")[0] for line in manifest.read_text().splitlines()[1:]]
        if self.loses and self.killed:
            del trials[0]
        speed_mps = self.one_core_mps if one_core else self.ray_mps if "ray" in options else 1.0
        rows = [
            {"trial": t, "outcome": "failed" if t[0] == "b" else "done", "velocity_mps": speed_mps}
            for t in trials
        ]
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir(parents=True)
        from pyarrow import parquet

        for table in TABLES:
            parquet.write_table(pa.Table.from_pylist(rows), out / f"{table}.parquet")
        (out / "study.json").write_text("{}")
        said = ("warning: make room",) if full and self.tells else ()
        return Ended(0, 2.0, 4.0 * len(trials), 2**30, said)


def no_walks(folder: Path, count: int) -> list[StudyLine]:
    return [StudyLine(f"t{i}", f"P{i}", f"t{i}.npz", walked_s=5.0) for i in range(count)]


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Runs:
    found = Runs()
    monkeypatch.setattr(room, "sound_lines", no_walks)
    monkeypatch.setattr(room, "run_cohort", found)
    monkeypatch.setattr(room, "can_limit", lambda: True)
    return found


def bars(folder: Path, kills: int = 2) -> dict[str, Row]:
    return {
        f"{row.name} {row.unit}".strip(): row
        for row in cohort_bars(folder, Sizes((3, 2), 2, kills))
    }


def test_what_is_the_same_meets_its_bars(runs: Runs, tmp_path: Path) -> None:
    found = bars(tmp_path)
    met = {name: row.met for name, row in found.items() if "by the clock" not in name}
    assert False not in met.values() and runs.killed == 2
    growth = found["processor time of a trial, most / fewest trials"]
    assert growth.value == pytest.approx(1.0)
    [clock] = [row for name, row in found.items() if "clock" in name and row.bar]
    assert clock.met is False  # three walks in two seconds are not 200 times real time
    assert f"2 sound and {n_ways()} broken" in " ".join(found)
    assert runs.limited and not any(row.not_asked for row in found.values())


def test_what_is_lost_is_counted(runs: Runs, tmp_path: Path) -> None:
    runs.loses = True
    found = bars(tmp_path)
    assert found["killed 2 times: rows, texts and counts that differ"].met is False
    assert next(row for name, row in found.items() if "lines without a row" in name).value == 1.0


@pytest.mark.parametrize("who", ["one_core", "ray"])
def test_numbers_of_one_core_and_of_ray_are_those_of_the_user(
    who: str, runs: Runs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: True)
    monkeypatch.setattr(room, "usable_cores", lambda: 2)
    setattr(runs, f"{who}_mps", 1.1)
    found = bars(tmp_path)
    apart = "numbers further apart than they may be %"
    met = {
        "one_core": found[f"one process on 1 core and on 2: {apart}"].met,
        "ray": found[f"Ray, 1 and 4 workers, and one process: {apart}"].met,
    }
    assert met == {"one_core": who != "one_core", "ray": who != "ray"}
    assert found[f"batches of 1 and 64: {apart}"].met is True


def test_a_full_disk_has_to_be_told(runs: Runs, tmp_path: Path) -> None:
    runs.tells = False
    found = bars(tmp_path)
    assert next(row for name, row in found.items() if "full disk was told" in name).met is False


def test_what_only_linux_can_do_is_not_asked_elsewhere(
    runs: Runs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not run as if it were: its rows say so, pass no bar and fail none."""
    monkeypatch.setattr(room, "can_limit", lambda: False)
    monkeypatch.setattr(room, "usable_cores", lambda: 2)
    found = bars(tmp_path)
    assert not runs.limited
    rows = [row for row in found.values() if row.not_asked]
    names = ["one process on 1 core and on 2: numbers that differ", "the full disk was told"]
    assert [row.name for row in rows] == names
    assert all(row.met is None for row in rows)
    assert all("not asked: needs Linux" in row_cells(row) for row in rows)
    assert {row.as_json()["not_asked"] for row in rows} == {"needs Linux"}
    assert not any("disk full once" in name for name in found)
    assert any(name.startswith("killed once: ") for name in found)
    assert count_text(rows) == "0 of 0 bars are met."


def test_a_limit_that_cannot_be_set_is_no_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    for full in (True, False):
        with pytest.raises(InputError, match="full disk, needs Linux"):
            run_cohort(tmp_path, tmp_path, tmp_path, full=full, one_core=not full)


def test_a_study_that_does_not_end_is_given_up(runs: Runs, tmp_path: Path) -> None:
    runs.ends = False
    with pytest.raises(InputError, match="does not end: simgait: no"):
        bars(tmp_path)


def test_the_command_prints_the_table(runs: Runs, tmp_path: Path, capsys) -> None:
    assert main(
        ["benchmark", "cohort", "--trials", "2", "--same", "1", "--kills", "0", "--keep",
         str(tmp_path)]
    ) == 1  # fmt: skip
    printed = capsys.readouterr().out
    assert "| what | value | unit | bar | met | n |" in printed and "load" in printed


@pytest.mark.parametrize("options", [["--trials", "x"], ["--trials", "0"], ["--same", "0"]])
def test_sizes_that_make_no_sense_are_refused(options: list[str], capsys) -> None:
    assert main(["benchmark", "cohort", *options]) == 1
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
