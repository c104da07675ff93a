"""One visit: means over its walks against hand values, and what is no visit."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from simgait.agreement.change import VisitNumber, visit_mean
from simgait.cohort.outcome import failed
from simgait.cohort.summary import write_summary
from simgait.cohort.visit_files import read_visit
from simgait.compare.visit_means import NORMS_DIFFER, VisitMeans, visit_means
from simgait.errors import InputError
from tests.visit_folders import Numbers, compare_with, find, say, visit_folder

SPEED, LEFT, RIGHT = ("velocity_mps", "both"), ("step_length_m", "left"), ("step_length_m", "right")
GDI = ("gdi_points", "left")
WALKS: list[Numbers] = [
    {SPEED: (1.0, 0.04), LEFT: (0.60, 0.02), RIGHT: (0.50, 0.02)},
    {SPEED: (1.1, 0.06), LEFT: (0.62, 0.02), RIGHT: (0.52, 0.02)},
    {SPEED: (1.2, 0.05), LEFT: (0.64, 0.02), RIGHT: (0.54, 0.02)},
]


def means(folder: Path) -> VisitMeans:
    return visit_means(read_visit(folder))


def test_means_and_sd_are_those_of_the_walks_and_sides_stay_apart(tmp_path: Path) -> None:
    found = means(visit_folder(tmp_path / "a", WALKS))
    speed, left, right = (found.number(key, pool) for key, pool in (SPEED, LEFT, RIGHT))  # type: ignore[arg-type]
    assert speed is not None and left is not None and right is not None
    assert (speed.mean.walks, speed.denied) == (3, 0)
    assert speed.mean.mean == pytest.approx(1.1) and speed.mean.walk_sd == pytest.approx(0.1)
    assert left.mean.mean == pytest.approx(0.62) and right.mean.mean == pytest.approx(0.52)
    # Measuring: 0.05 / 1.645 of every walk alike. Walking: 2 own degrees of freedom of SD 0.1 and
    # four of the typical 0.05, over three walks.
    measuring = (0.05 / stats.norm.ppf(0.95)) ** 2
    walking = (2 * 0.1**2 + 4 * 0.05**2) / 6 / 3
    freedom = (measuring + walking) ** 2 / (walking**2 / 6)
    half = stats.t.ppf(0.95, freedom) * math.sqrt(measuring + walking)
    assert speed.mean.half_width == pytest.approx(half)
    assert found.sides["step_length_m"].difference == pytest.approx(0.10)
    assert found.curves["knee_flexion"]["left"].shape == (3, 101)
    assert found.curves["hip_flexion"]["left"].shape == (0, 101)


@pytest.mark.parametrize("known", [True, False])
def test_of_nine_in_ten_visits_the_interval_holds_the_persons_mean(known: bool) -> None:
    rng = np.random.default_rng(5)
    held, n, measuring_sd, walk_sd = 0, 1500, 0.03, 0.05
    for _ in range(n):
        shared = measuring_sd * rng.standard_normal()
        values = 1.0 + shared + walk_sd * rng.standard_normal(3)
        halves = np.full(3, 1.645 * measuring_sd)
        found = visit_mean(VisitNumber(values, halves), walk_sd if known else math.nan)
        held += abs(found.mean - 1.0) <= found.half_width
    assert 0.87 <= held / n <= 0.97


def test_one_walk_alone_has_no_sd_and_its_interval_is_that_of_a_typical_person(
    tmp_path: Path,
) -> None:
    walks: list[Numbers] = [{SPEED: (1.0, 0.05), GDI: (90.0, 6.0)}]
    found = means(visit_folder(tmp_path / "a", walks))
    speed, gdi = found.numbers
    assert math.isnan(speed.mean.walk_sd) and speed.mean.walks == 1
    assert speed.mean.half_width > 0.05  # walking comes to measuring
    assert math.isnan(gdi.mean.half_width)  # nobody knows how much it varies between walks


def test_a_walk_is_left_out_of_a_number_that_it_may_not_have(tmp_path: Path) -> None:
    folder = visit_folder(tmp_path / "a", WALKS[:2])
    visit_folder(tmp_path / "b", WALKS[2:], denied=("velocity_mps",))
    (tmp_path / "b" / "walk0").rename(folder / "walk2")
    found = means(folder)
    speed, left, _ = found.numbers
    assert (speed.mean.walks, speed.denied) == (2, 1)
    assert speed.mean.mean == pytest.approx(1.05)
    assert (left.mean.walks, left.denied) == (3, 0)


def test_recordings_without_a_walk_are_named_with_why(tmp_path: Path) -> None:
    folder = visit_folder(tmp_path / "a", WALKS)
    write_summary(folder, [failed("bad.npz", "bad", "It holds no walk.")])
    (one,) = means(folder).visit.left_out
    assert (one.name, one.verdict, one.why) == ("bad", "failed", "It holds no walk.")


def test_walks_of_several_people_or_visits_are_refused_in_one_sentence(tmp_path: Path) -> None:
    def mixed(name: str, *, heights_m: tuple[float, ...] = (1.72,)) -> Path:
        return visit_folder(tmp_path / name, WALKS, heights_m=heights_m)

    people = mixed("people")
    visit_folder(tmp_path / "other", WALKS[:1], person="P08")
    (tmp_path / "other" / "walk0").rename(people / "walk9")
    days = mixed("days")
    visit_folder(tmp_path / "later", WALKS[:1], recorded_on="2026-11-02")
    (tmp_path / "later" / "walk0").rename(days / "walk8")
    means(days)  # others do not say their day
    visit_folder(tmp_path / "first", WALKS[:1], recorded_on="2026-11-01")
    (tmp_path / "first" / "walk0").rename(days / "walk9")
    visits, ages = mixed("visits"), mixed("ages")
    say(visits / "walk1", visit=["abc"])
    say(ages / "walk1", age_years=61.0)
    tall = mixed("tall", heights_m=(1.60, 1.75, 1.60))
    for folder, words in (
        (people, "2 people .P07, P08.; say whose"),
        (days, "walks of 2 days .2026-11-01, 2026-11-02."),
        (visits, "tracked as of several visits"),
        (ages, "is not the same for all walks"),
        (tall, "is not the same for all walks"),
    ):
        with pytest.raises(InputError, match=words) as refused:
            means(folder)
        assert str(refused.value).startswith(f"{folder.name}: ")
        assert str(refused.value).count("\n") == 0


def test_a_range_holds_where_all_walks_were_compared_with_it(tmp_path: Path) -> None:
    folder = visit_folder(tmp_path / "a", WALKS)
    for walk in folder.glob("walk?"):
        other = "men" if walk.name == "walk1" else "women"
        compare_with(
            walk, ("velocity_mps", 0.9, 1.4, "adults", "yes", ""),
            ("step_length_m", 0.5, 0.7, other, "yes", ""),
        )  # fmt: skip
    found = means(folder)
    assert (found.norms["velocity_mps"].low, found.norms["velocity_mps"].whose) == (0.9, "adults")
    assert found.no_norms == {"step_length_m": NORMS_DIFFER}
    for walk in folder.glob("walk?"):
        compare_with(walk, ("velocity_mps", 0.9, 1.4, "adults", "no", "nobody said the age"))
    found = means(folder)
    assert not found.norms and found.no_norms == {"velocity_mps": "nobody said the age"}


def test_findings_are_those_of_the_walks(tmp_path: Path) -> None:
    folder = visit_folder(tmp_path / "a", WALKS[:1])
    find(folder / "walk0", ("turns", "It turns."), ("turns", "It turns back."), level="use_none")
    (walk,) = means(folder).visit.walks
    assert walk.about.verdict == "use_none"
    assert walk.about.findings == (("turns", "It turns."), ("turns", "It turns back."))
