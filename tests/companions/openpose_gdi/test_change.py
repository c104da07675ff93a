"""What is said of two visits: differences, their intervals, and walkers who changed in part."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simgait.cli import main
from simgait.companions.openpose_gdi import change
from simgait.companions.openpose_gdi.change import (
    TwoVisits,
    judged_change,
    opinion_of_change,
    part_way,
    two_visits,
)
from simgait.companions.openpose_gdi.filmed_walkers import joined
from simgait.companions.openpose_gdi.targets import TARGETS
from simgait.errors import InputError
from simgait.estimators.companion import Asked, Opinion, Said
from simgait.gait.known_scores import released_reference
from simgait.synthetic.walkers.specification import draw_own_normal, draw_walker, walker_seed
from tests.companions.openpose_gdi.made_up import legs, write
from tests.companions.openpose_gdi.test_pairs import walk
from tests.companions.openpose_gdi.trained import untrained


def said(gdi: float, reach: float, knee: float | None = 5.0) -> Opinion:
    numbers = [Said("gdi_points", "GDI", "points", "left", gdi, gdi - reach, gdi + reach)]
    if knee is not None:
        numbers.append(Said("knee_at_extension_deg", "knee", "°", "left", knee, knee, knee))
    return Opinion(tuple(numbers), "nobody", (f"a GDI of {gdi}",))


def test_a_change_is_the_later_minus_the_earlier_with_both_errors(monkeypatch) -> None:
    of = {"first": said(80.0, 3.0), "last": said(86.0, 4.0, None)}
    monkeypatch.setattr(change, "opinion_of", lambda path, asked: of[path.name])
    found = opinion_of_change(Path("first"), Path("last"), Asked())
    (one,) = found.numbers  # the knee is said of one visit alone
    assert (one.key, one.label, one.side) == ("gdi_points_change", "change of GDI", "left")
    assert (one.value, one.low, one.high) == (6.0, 1.0, 11.0)
    assert "last minus first" in found.notes[0] and "first: a GDI of 80.0" in found.notes
    with pytest.raises(InputError, match="first: is named for both visits"):
        opinion_of_change(Path("first"), Path("x/../first"), Asked())


def test_the_command_says_what_changed_and_who_says_nothing_of_changes(
    tmp_path: Path, capsys
) -> None:
    first, last = write(tmp_path / "may", legs()), write(tmp_path / "july", legs(bend=0.9))
    weights = untrained(tmp_path / "own")
    call = ["companion", "run", "openpose-gdi", str(last), "--fps", "25", "--before", str(first)]
    assert main([*call, "--weights", str(weights)]) == 0
    told = capsys.readouterr().out
    assert "change of GDI, left: 0 points (" in told and "note: july minus may" in told
    assert main([*call[:-1], str(tmp_path / "june")]) == 1
    assert "june: there is no such file or folder" in capsys.readouterr().err
    assert main(["companion", "run", "gengait", str(last), "--before", str(first)]) == 1
    assert "--before: gengait says nothing of changes; leave it out" in capsys.readouterr().err


def test_part_of_a_pattern_lies_between_all_of_it_and_none() -> None:
    seed = walker_seed("train", 5)
    shown, normal = draw_walker(seed, "crouch"), draw_own_normal(seed, "crouch")
    half = part_way(shown, normal, 0.5)
    assert half.crouch_deg == pytest.approx(np.add(shown.crouch_deg, normal.crouch_deg) / 2)
    assert (half.seed, half.dimensions) == (shown.seed, shown.dimensions)
    assert part_way(shown, normal, 1.0) == shown
    none = replace(part_way(shown, normal, 0.0), pattern="normal")
    assert none.crouch_deg == pytest.approx(normal.crouch_deg)


def test_changes_are_judged_by_the_exact_ones() -> None:
    walks = [walk(name, (80.0, 90.0), (0.0, 0.0))[0] for name in "abcd"]
    later = [
        replace(one, targets=one.targets + k * np.array([2.0, 0.01, 3.0, 1.0], np.float32))
        for k, one in enumerate(walks)
    ]
    visits = TwoVisits(joined(walks), joined(later))
    exact = (visits.before.targets, visits.after.targets)
    nobody = (visits.before.targets, visits.before.targets)
    widths = dict.fromkeys(TARGETS, 1.0)
    rows = judged_change(visits, {"exact": exact, "nobody": nobody}, widths, "exact")
    assert [row.quantity for row in rows[:4]] == [f"change of {t.label}" for t in TARGETS.values()]
    assert rows[0].rmse == pytest.approx(0.0, abs=1e-5) and rows[0].pairs == 8
    assert rows[0].slope == pytest.approx(1.0) and rows[0].inside_percent == 100.0
    assert rows[4].rmse == pytest.approx(np.sqrt(14.0)) and np.isnan(rows[4].inside_percent)


@pytest.mark.slow
def test_walkers_of_two_visits_are_the_same_people_who_changed() -> None:
    visits = two_visits(36_000, 3, released_reference(), ["wide-v1"])
    before, after = visits.before, visits.after
    assert set(before.people) == set(after.people) and before.walk.max() == after.walk.max()
    for walk_number in set(before.walk):
        first, last = (v.walk == walk_number for v in (before, after))
        assert set(before.view[first]) == set(after.view[last])
        slower = after.targets[last, 1].mean() / before.targets[first, 1].mean()
        assert 0.7 < slower < 1.02
    assert np.abs(before.targets[:, 0].mean() - after.targets[:, 0].mean()) > 0.1
