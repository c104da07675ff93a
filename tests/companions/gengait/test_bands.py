"""Bands by height: of whom, of how many, and what is kept of them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from simgait.companions.gengait.bands import CHILD_BELOW_M, FEWEST_OWN, bands_of
from simgait.companions.gengait.curves import mean_curves_deg
from simgait.companions.gengait.data import PersonsWalk
from simgait.companions.gengait.joints import POINT_INDEX
from simgait.companions.gengait.weights import load_gengait
from simgait.estimators.released import CARD_FILE, WEIGHTS_FILE
from simgait.provenance import file_sha256
from tests.companions.gengait.made_up import kept, small, walk


def people(name: str, count: int, height_m: float, first: int = 0) -> list[PersonsWalk]:
    return [PersonsWalk(f"{name}{k}", walk((first + k) % 4), height_m) for k in range(count)]


def test_bands_are_of_people_so_tall_and_of_ones_own_where_they_are_enough() -> None:
    walkers = [*people("c", 12, 1.0), *people("m", FEWEST_OWN - 1, 1.3), *people("a", 20, 1.7)]
    found = bands_of(walkers)
    assert [(one.from_m, one.below_m, one.people, one.own) for one in found.of] == [
        (0.0, 1.20, 12, False), (1.40, None, 20, False),
    ]  # fmt: skip
    curves = np.stack([mean_curves_deg(one.walk) for one in walkers[:12]])
    assert found.mean_deg[0] == pytest.approx(curves.mean(axis=0))
    assert found.sd_deg[0] == pytest.approx(curves.std(axis=0))
    whose, mean, sd = found.band_for(1.3)
    assert whose is None and np.isnan(mean).all() and np.isnan(sd).all()
    assert (
        found.band_for(1.19)[0] == found.of[0] and found.band_for(CHILD_BELOW_M)[0] == found.of[1]
    )

    own = [*people("o", FEWEST_OWN, 1.3), *people("t", FEWEST_OWN - 1, 1.7)]
    both = bands_of(walkers, own)
    assert [(one.from_m, one.people, one.own) for one in both.of] == [
        (0.0, 12, False), (1.20, FEWEST_OWN, True), (1.40, 20, False),
    ]  # fmt: skip
    assert both.of[1].words == "people of the laboratory's own of 1.20 to 1.40 m"


def test_a_person_counts_once_and_only_with_all_angles() -> None:
    own = people("p", FEWEST_OWN, 1.7)
    often = [*own, *[replace(own[0], walk=walk(1))] * 3]
    mean = np.mean([mean_curves_deg(walk(k)) for k in (0, 1, 1, 1)], axis=0)
    others = [mean_curves_deg(one.walk) for one in own[1:]]
    assert bands_of(often).mean_deg[0] == pytest.approx(np.mean([mean, *others], axis=0))
    points = walk(0).points.copy()
    points[:, POINT_INDEX["Left Heel"]] = np.nan
    own[0] = replace(own[0], walk=replace(walk(0), points=points))
    assert bands_of(own).of == ()


def test_bands_are_kept_and_older_weights_show_theirs_to_adults_alone(tmp_path: Path) -> None:
    kept(tmp_path)
    trained, card = load_gengait(tmp_path)
    assert trained.bands.of == small().bands.of == tuple(card.bands or ())
    assert trained.bands.mean_deg == pytest.approx(small().bands.mean_deg)
    # As before there were several: one band of everybody, and no word of it in the card.
    arrays = load_file(tmp_path / WEIGHTS_FILE)
    save_file(
        {name: one[2] if "['band']" in name else one for name, one in arrays.items()},
        tmp_path / WEIGHTS_FILE,
    )
    facts = json.loads((tmp_path / CARD_FILE).read_text("utf-8"))
    del facts["bands"]
    facts["sha256"] = file_sha256(tmp_path / WEIGHTS_FILE)
    (tmp_path / CARD_FILE).write_text(json.dumps(facts), encoding="utf-8")
    bands = load_gengait(tmp_path)[0].bands
    whose, mean, _ = bands.band_for(1.7)
    assert whose is not None and whose.words == "synthetic walkers of all heights"
    assert mean == pytest.approx(3.0) and bands.band_for(1.39)[0] is None
