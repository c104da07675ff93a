"""Whose the bands behind a person's curves are."""

from __future__ import annotations

import numpy as np

from simgait.parameters.norm_rows import NormTable
from simgait.parameters.normative_curves import normative_band
from simgait.recordings.person_facts import NOBODY, PersonFacts
from simgait.report.trial.curve_bands import bands_for
from tests.parameters.test_norm_curves import curve

OWN = NormTable((), {}, curves=(curve(6, 8),))


def test_without_own_curves_adults_have_adults_and_children_nobody() -> None:
    for person in (NOBODY, PersonFacts(age_years=30.0)):
        bands = bands_for(person)
        np.testing.assert_array_equal(bands.of("knee_flexion"), normative_band("knee_flexion"))
        assert bands.words == "healthy adults, about mean ± 1 SD"
    child = bands_for(PersonFacts(age_years=7.0), NormTable((), {}))
    assert child.of("knee_flexion") is None and child.words == ""


def test_own_curves_of_the_age_are_shown_and_named() -> None:
    bands = bands_for(PersonFacts(age_years=7.0), OWN)
    np.testing.assert_array_equal(bands.of("knee_flexion"), curve(6, 8).mean_sd())
    assert bands.of("hip_rotation") is None
    assert bands.words == "healthy children of 6 to 7 years (ours), mean ± 1 SD"


def test_own_curves_of_other_ages_are_shown_to_nobody() -> None:
    for person in (NOBODY, PersonFacts(age_years=9.0), PersonFacts(age_years=30.0)):
        bands = bands_for(person, OWN)
        assert bands.of("knee_flexion") is None and bands.words == ""
