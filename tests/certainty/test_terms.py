from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from simgait.certainty.terms import TERMS, Measured, sizes
from tests.certainty.conditions import GOOD

SPEED = Measured(1.2, 4)


def size(name: str, conditions=GOOD, measured: Measured = SPEED) -> float:
    place = [term.name for term in TERMS].index(name)
    return float(sizes(conditions, measured)[place])


def test_a_known_way_has_no_share_of_the_camera() -> None:
    assert size("scale") == pytest.approx(1.2 * 0.07)
    assert size("scale", replace(GOOD, travel_spread=0.0)) == 0.0


def test_more_values_tell_more() -> None:
    assert size("few values", measured=Measured(1.2, 16)) == 0.5 * size("few values")


@pytest.mark.parametrize(
    ("name", "worse"),
    [
        ("swing unseen", {"travel_to_stance": 1.6}),
        ("jitter", {"jitter_mm": 20.0}),
        ("bones", {"bone_variation_percent": 9.0}),
        ("proportions", {"thigh_to_shank": 1.3}),
        ("proportions", {"thigh_to_shank": 0.7}),
        ("hips", {"hips_to_leg": 0.32}),
        ("bent knees", {"straightest_knee_deg": 30.0}),
        ("feet", {"feet_unseen": 1.0}),
        ("fit", {"fit_error_mm": 60.0}),
        ("help", {"residual_percent_bw": 12.0}),
        ("help", {"moment_percent_bw_height": 9.0}),
        ("contacts", {"events_apart_ms": 70.0}),
    ],
)
def test_a_worse_recording_is_never_narrower(name: str, worse: dict[str, float]) -> None:
    before, after = sizes(GOOD, SPEED), sizes(replace(GOOD, **worse), SPEED)
    assert size(name, replace(GOOD, **worse)) > size(name)
    assert (after >= before).all()


def test_what_a_recording_does_not_show_makes_wide() -> None:
    nothing = replace(
        GOOD,
        **{
            f.name: float("nan")
            for f in fields(GOOD)
            if f.name not in ("measured", "travel_spread", "travel_unknown")
        },
    )
    assert np.isfinite(sizes(nothing, SPEED)).all()
    assert (sizes(nothing, SPEED) >= sizes(GOOD, SPEED)).all()
