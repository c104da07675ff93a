"""The grey bands behind joint curves: whose they are, of the person's age where one's own are."""

from __future__ import annotations

from dataclasses import dataclass

from simgait.parameters.norm_curves import curves_for
from simgait.parameters.norm_rows import NormTable
from simgait.parameters.normative_curves import normative_band
from simgait.plain_text import listed
from simgait.recordings.person_facts import PersonFacts
from simgait.report.trial.cycle_curves import Band


@dataclass(frozen=True)
class CurveBands:
    """What stands behind the curves of a page.

    Attributes:
        of: coordinate -> mean and SD (deg) on 0 .. 100 % of the cycle, or None.
        words: whose the bands are, for the legend; "" where there is none.
    """

    of: Band
    words: str


ADULTS = CurveBands(normative_band, "healthy adults, about mean ± 1 SD")
NO_BANDS = CurveBands(lambda coordinate: None, "")


def bands_for(person: PersonFacts, own: NormTable | None = None) -> CurveBands:
    """The user's own curves of the person's age, where the user gave any; else healthy adults'.

    A child is never shown over adults, and curves of one's own not beside those of others: of an
    age, or an angle, that they lack there is no band.
    """
    if own is None or not own.curves:
        return NO_BANDS if person.is_child else ADULTS
    found = curves_for(own.curves, person.age_years, person.sex)
    if not found:
        return NO_BANDS
    drawn = {key: one.mean_sd() for key, one in found.items()}
    people = list(dict.fromkeys(f"{one.people} ({one.source})" for one in found.values()))
    return CurveBands(drawn.get, f"healthy {listed(people, len(people))}, mean ± 1 SD")
