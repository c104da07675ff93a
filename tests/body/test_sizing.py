"""The size of a person of whom there are several walks."""

from __future__ import annotations

from dataclasses import replace

from simgait.body.sizing import one_person
from simgait.skeleton.dimensions import dimensions_from_height


def test_each_length_is_the_median_of_all_walks_and_one_walk_is_believed() -> None:
    usual = dimensions_from_height(1.7)
    odd = replace(usual, thigh_m=0.6, shank_m=0.3)
    assert one_person([usual, odd, usual]) == usual
    assert one_person([odd]) == odd
    assert one_person([usual, odd]).thigh_m == (usual.thigh_m + 0.6) / 2
