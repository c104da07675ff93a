"""From rendered clips to the levels of film's intervals: render, watch, track, set, judge."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float

from simgait.benchmark.film_clips import ClipWalk, film_case, synthetic_walk, training_clips
from simgait.benchmark.interval_coverage import SHOWN
from simgait.benchmark.interval_fit import errors_by_number
from simgait.benchmark.interval_records import Kept, tracked_records
from simgait.benchmark.interval_walks import Offered
from simgait.benchmark.scorecard_page import number, table
from simgait.benchmark.videobench import (
    LANDMARKS_SUFFIX,
    SHIPPED,
    cases,
    read_tracks,
    watch_clip,
)
from simgait.certainty.film import FILE, OF_A_RANGE, write_levels
from simgait.certainty.fitting import LEVEL, Errors, even_weights, factor_that_holds
from simgait.certainty.widths import Coefficients, event_name, number_name, released_widths
from simgait.errors import InputError
from simgait.files import make_output_folder
from simgait.provenance import git_commit
from simgait.synthetic.people.truth import truth_of
from simgait.tracking.policies import Policy

FILM = "film"
"""What these walks were seen through."""
N_JUDGED = 70
"""Chosen: the clips of videobench on which the simulated body is scored elsewhere."""
DIGITS = 2
"""Of a factor; 48 people do not show a third."""
Tell = Callable[[str], None]


@dataclass(frozen=True)
class FilmLevel:
    """Of one number of film.

    Attributes:
        name: as the file of half-widths calls it.
        factor: on its half-width, at least 1.
        n_people, n_rows: whose errors set it, and of how many walks or sides.
        before, left_out: percent of these errors that lie within, without the factor, and with
            one that was set without the person.
        judged_before, judged: percent of the judged clips' errors without the factor, and with it.
        half_width: median of the judged, with it, in the number's stored unit.
    """

    name: str
    factor: float
    n_people: int
    n_rows: int
    before: float
    left_out: float
    judged_before: float
    judged: float
    half_width: float


def make_film_levels(
    policy: Policy, data_dir: Path, out: Path, tell: Tell = lambda _: None
) -> list[FilmLevel]:
    """Writes the file of film's levels into a folder, beside the landmarks it was made from.

    Clips whose landmarks are in the folder are not rendered again.

    Args:
        policy: that tracks; the released one, whose half-widths are widened.
        data_dir: of real marker recordings.
        out: folder of the run.
        tell: called with a sentence before each part.

    Raises:
        InputError: the policy has no intervals, a recording is missing, the folder cannot be
            written to, or nothing can be rendered.
    """
    widths = released_widths()
    if policy.sha256 != widths.policy_sha256:
        raise InputError(
            "Film's intervals widen those of the released policy, and this is another one; leave "
            "--policy out."
        )
    make_output_folder(out)
    set_on = film_records(policy, training_clips(data_dir), out, tell)
    benchmark = (synthetic_walk(plan) for plan in cases()[:N_JUDGED])
    judged_by = film_records(policy, benchmark, SHIPPED, tell)
    found = film_levels(set_on, judged_by, widths.coefficients)
    wider_by = {
        one.name: one.factor
        for one in found
        # A range that is not named would have the factor of its curve.
        if one.factor > 1.0 or one.name.endswith(OF_A_RANGE)
    }
    people = {name: len({r.person for r in set_on if r.people == name}) for name in _sets(set_on)}
    provenance = {
        "level": LEVEL,
        "commit": git_commit(),
        "people": people,
        "clips": len(set_on),
        "intervals_sha256": widths.sha256,
    }
    write_levels(out / FILE, wider_by, provenance)
    return found


def _sets(records: Sequence[Kept]) -> list[str]:
    return sorted({record.people for record in records})


def film_records(
    policy: Policy, walks: Iterable[ClipWalk], folder: Path, tell: Tell = lambda _: None
) -> list[Kept]:
    """Errors of the clips that can be tracked; clips that nobody has watched are.

    Args:
        policy: that tracks.
        walks: the clips.
        folder: of their landmarks.
        tell: called with a sentence before each part.

    Raises:
        InputError: a clip cannot be drawn, or the folder cannot be written to.
    """
    offered: dict[str, list[Offered]] = {}
    for walk in walks:
        name = walk.clip.plan.name
        path = folder / f"{name}{LANDMARKS_SUFFIX}"
        if not path.exists():
            tell(f"rendering and watching {name}")
            watch_clip(walk.clip, path)
        tracks, refused = read_tracks(path, truth_of(walk.clip))
        if refused:
            continue
        try:
            offered.setdefault(walk.people, []).append(Offered(film_case(walk, tracks), FILM))
        except InputError as error:
            tell(f"left out: {name}: {error}")
    found: list[Kept] = []
    for people, shown in offered.items():
        tell(f"tracking {len(shown)} clips of {people}")
        found += tracked_records(policy, people, shown)
    return found


def film_levels(
    set_on: Sequence[Kept], judged_by: Sequence[Kept], formulas: Coefficients
) -> list[FilmLevel]:
    """Of every number that has a formula for a detector's points.

    Args:
        set_on: walks by which factors are set.
        judged_by: walks of others.
        formulas: of half-widths.

    Raises:
        InputError: there are too few people.
    """
    own = formulas["detector"]
    judged = errors_by_number(judged_by, "detector")
    found = []
    for name, errors in errors_by_number(set_on, "detector").items():
        if name not in own or name not in judged:
            continue
        coefficients = np.array(own[name])
        score, factor = _score(errors, coefficients), _factor(errors, coefficients)
        theirs = judged[name]
        their_score = _score(theirs, coefficients)
        found.append(
            FilmLevel(
                name, factor, len(np.unique(errors.person)), len(errors.person),
                before=_percent(errors, score, 1.0),
                left_out=_left_out(errors, coefficients),
                judged_before=_percent(theirs, their_score, 1.0),
                judged=_percent(theirs, their_score, factor),
                half_width=factor * float(np.median(theirs.size @ coefficients)),
            )
        )  # fmt: skip
    return found


def _score(errors: Errors, coefficients: Float[np.ndarray, " K"]) -> Float[np.ndarray, "N P"]:
    half = np.maximum(errors.size @ coefficients, 1e-12)
    return np.asarray(np.abs(errors.error) / half[:, None])


def _factor(errors: Errors, coefficients: Float[np.ndarray, " K"]) -> float:
    factor = max(factor_that_holds(errors, _score(errors, coefficients)), 1.0)
    # Rounded up: down, the error that sets it would lie outside.
    return float(np.ceil(factor * 10**DIGITS) / 10**DIGITS)


def _percent(errors: Errors, score: Float[np.ndarray, "N P"], factor: float) -> float:
    return 100.0 * float((score <= factor).mean(axis=1) @ even_weights(errors))


def _left_out(errors: Errors, coefficients: Float[np.ndarray, " K"]) -> float:
    """Percent within, each person's by the factor of the others."""
    score, weight = _score(errors, coefficients), even_weights(errors)
    total = 0.0
    for person in np.unique(errors.person):
        own = errors.person == person
        factor = _factor(errors.part(~own), coefficients)
        total += float((score[own] <= factor).mean(axis=1) @ weight[own])
    return 100.0 * total


HEAD = (
    "number", "factor", "people", "held before, %", "left out, %", "videobench: held before, %",
    "now, %", "± median",
)  # fmt: skip
SHOWN_OF_FILM = (
    *SHOWN[:5], number_name("single_support_percent", "side"), *SHOWN[5:],
    event_name("initial_contact"), event_name("foot_off"),
)  # fmt: skip


def film_table(found: Sequence[FilmLevel]) -> str:
    """The numbers of `SHOWN_OF_FILM` as Markdown; half-widths in stored units."""
    by_name = {one.name: one for one in found}
    return table(HEAD, [_cells(by_name[name]) for name in SHOWN_OF_FILM if name in by_name])


def _cells(one: FilmLevel) -> list[str]:
    shares = (one.before, one.left_out, one.judged_before, one.judged)
    return [
        one.name, f"{one.factor:.{DIGITS}f}", str(one.n_people),
        *(f"{share:.0f}" for share in shares), number(one.half_width, 2),
    ]  # fmt: skip
