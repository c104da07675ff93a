"""A visit's numbers as a FHIR R4 Bundle of Observations (hl7.org/fhir/R4/observation.html).

LOINC has codes for gait speed as part of named tests (4 m at usual pace, NIH Toolbox: 83172-7), a
number that simgait does not measure; gait parameters therefore have simgait's own codes, body
height and body mass LOINC's.
"""

from __future__ import annotations

import json
import math
import uuid
from collections.abc import Iterator
from typing import Any

from simgait.compare.visit_walks import KnownNorm, NumberFacts, VisitWalks, WalkNumbers
from simgait.parameters.catalogue import parameters
from simgait.parameters.parameter import Parameter

CODES = "urn:simgait:gait-parameter"
MEANING = "http://terminology.hl7.org/CodeSystem/referencerange-meaning"
LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
BODY_HEIGHT = {"system": LOINC, "code": "8302-2", "display": "Body height"}
BODY_MASS = {"system": LOINC, "code": "29463-7", "display": "Body weight"}
UCUM_OF = {
    "m": "m", "kg": "kg", "m/s": "m/s", "s": "s", "steps/min": "{steps}/min", "°": "deg",
    "% of cycle": "%", "points": "{points}",
}  # fmt: skip
"""Symbol of a stored unit -> UCUM; what counts is an annotation of the unity."""
NOTE = (
    "Estimated by simgait from tracked keypoints through a physics simulation. A research tool, "
    "not a medical device."
)
_NAMES = uuid.UUID("6f0d3a52-8f5e-5c39-9a3b-0f8f1f0c7c11")
"""Drawn once: the ids of resources are hashes below it, so that the same walk has the same ids."""
Json = dict[str, Any]


def visit_bundle(visit: VisitWalks) -> Json:
    """One Observation for each number of each walk that may be used; height and mass, if given.

    The subject is the pseudonymous code alone; without one there is none. `component` holds the
    ends of the 90 % interval where it is known, `note` how good the number is and whom a score was
    made with. Numbers that a report denies are left out, and so are a height that the legs told and
    a mass that the user did not state.
    """
    entries = []
    for place, walk in enumerate(visit.walks, start=1):
        of = f"Walk {place} of {len(visit.walks)}."
        for key, pool, one in _observations(visit, walk):
            told = _told(walk.facts.get((key, pool), NumberFacts()))
            note = [{"text": " ".join([of, *told, NOTE])}]
            entries.append(_entry(f"{walk.folder} {key} {pool}", visit, one | {"note": note}))
    if math.isfinite(visit.mass_kg):
        mass = _observation(visit, BODY_MASS) | {"valueQuantity": _quantity(visit.mass_kg, "kg")}
        entries.insert(0, _entry("mass", visit, mass))
    if visit.height_is_stated and math.isfinite(visit.height_m):
        height = _observation(visit, BODY_HEIGHT) | {
            "valueQuantity": _quantity(visit.height_m, "m")
        }
        entries.insert(0, _entry("height", visit, height))
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def _told(facts: NumberFacts) -> list[str]:
    """Sentences on how good a number is, and on whom a score was made with."""
    told = []
    if facts.level == "rough":
        told.append("Rough: it may be off by more than a difference that matters to a clinician.")
    if facts.n == 1:
        told.append("Of one gait cycle or step only (n 1), no mean.")
    elif facts.n:
        told.append(f"n {facts.n}.")
    if facts.reference:
        told.append(f"Against {facts.reference}.")
    return told


def bundle_text(bundle: Json) -> str:
    """The file."""
    return json.dumps(bundle, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _entry(name: str, visit: VisitWalks, resource: Json) -> Json:
    whole = " ".join([*sorted(visit.recordings), visit.policy_sha256, visit.code_sha256, name])
    number = str(uuid.uuid5(_NAMES, whole))
    return {"fullUrl": f"urn:uuid:{number}", "resource": resource | {"id": number}}


def _observations(visit: VisitWalks, walk: WalkNumbers) -> Iterator[tuple[str, str, Json]]:
    for one in parameters():
        for pool in one.pools:
            mean, half = walk.numbers.get((one.key, pool), (math.nan, math.nan))
            if math.isfinite(mean):
                known = walk.norms.get(one.key)
                ranges = {} if known is None else {"referenceRange": [_range(known, one)]}
                yield one.key, pool, _of_number(visit, one, pool, mean, half) | ranges


def _range(known: KnownNorm, one: Parameter) -> Json:
    """Where 95 % of healthy people lie."""
    symbol = one.unit.symbol
    return {
        "low": _quantity(known.low, symbol),
        "high": _quantity(known.high, symbol),
        "type": {"coding": [{"system": MEANING, "code": "normal"}]},
        "text": f"{known.whose}. Source: {known.source}." if known.source else known.whose,
    }


def _of_number(visit: VisitWalks, one: Parameter, pool: str, mean: float, half: float) -> Json:
    side = "" if pool == "both" else f", {pool}"
    coding = {"system": CODES, "code": f"{one.key}.{pool}", "display": f"{one.label}{side}"}
    symbol = one.unit.symbol
    observation = _observation(visit, coding) | {"valueQuantity": _quantity(mean, symbol)}
    if math.isfinite(half):
        observation["component"] = [
            {
                "code": {"coding": [{"system": CODES, "code": f"interval-90-{end}"}],
                         "text": f"{words} end of the 90 % interval"},
                "valueQuantity": _quantity(mean + sign * half, symbol),
            }
            for end, words, sign in (("low", "Lower", -1.0), ("high", "Upper", 1.0))
        ]  # fmt: skip
    return observation


def _observation(visit: VisitWalks, coding: Json) -> Json:
    """What every Observation has: status and code are what FHIR requires."""
    observation: Json = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [coding], "text": coding["display"]},
    }
    if visit.person:
        observation["subject"] = {"identifier": {"value": visit.person}}
    if visit.recorded_on:
        observation["effectiveDateTime"] = visit.recorded_on
    return observation


def _quantity(value: float, symbol: str) -> Json:
    return {
        "value": float(f"{value:.6g}"), "unit": symbol, "system": UCUM, "code": UCUM_OF[symbol],
    }  # fmt: skip
