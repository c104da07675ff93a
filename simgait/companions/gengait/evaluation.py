"""GenGait beside its rivals on synthetic walkers that nothing was learned from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from simgait.companions.gengait.by_height import by_height
from simgait.companions.gengait.joints import JOINTS
from simgait.companions.gengait.judging import (
    OURS,
    Answer,
    answers_of,
    changed_deg,
    correction,
    estimated_departure_deg,
    localisation,
    top_share,
)
from simgait.companions.gengait.truth import (
    IMPAIRED,
    RIGHT_DEG,
    WRONG_DEG,
    JudgedPair,
    judged_pairs,
)
from simgait.companions.gengait.weights import TrainedGenGait, load_gengait, released_folder
from simgait.errors import InputError
from simgait.estimators.companion import Evaluation, MeasureTable
from simgait.estimators.judged import Judged, cell, judge

FIRST_JUDGED = 40_000
"""Of the test walkers: those of the scorecard, the benchmark and other companions lie before."""
FEWEST = len(IMPAIRED)
DETECTOR = "Points of a simulated detector (monocular-v1), judged by the thresholds of such points"
SYNTHETIC = (
    "Walkers of our own generator whom nothing was learned from, one pattern each, beside their "
    "own normal walks: how well the method finds what the generator changed, not its accuracy on "
    "patients."
)


def evaluate(
    people: int, folder: Path | None = None, say: Callable[[str], None] = lambda line: None
) -> Evaluation:
    """Judges the network and its rivals on test walkers, the seven patterns in turn.

    Args:
        people: how many test walkers.
        folder: of the weights; None takes the released ones.
        say: told how far it is.

    Raises:
        InputError: the weights are missing or damaged, or there are fewer people than patterns.
        SplitError: somebody was learned from.
    """
    if people < FEWEST:
        raise InputError(f"--people: give {FEWEST} at least, so that every pattern is shown.")
    trained, card = load_gengait(folder or released_folder())
    pairs = judged_pairs(
        "test", FIRST_JUDGED, people, lambda done: say(f"{done} of {people} test walkers")
    )
    card.people.refuse_known([pair.person for pair in pairs])
    shown = answers_of(trained, [pair.shown for pair in pairs])
    normal = answers_of(trained, [pair.normal for pair in pairs])
    measures = (
        _located(shown, normal, pairs),
        _located_by_joint(shown, normal, pairs),
        _put_right(shown, pairs),
        _left_alone(normal, pairs),
        *_through_detector(trained, people, say),
        by_height(trained, card, people // 2, say),
    )
    return Evaluation(SYNTHETIC, _judged(shown, pairs), _notes(pairs), measures)


def _through_detector(
    trained: TrainedGenGait, people: int, say: Callable[[str], None]
) -> tuple[MeasureTable, ...]:
    """The same walkers as a simulated detector sees them; what is wrong is known of exact ones."""
    pairs = judged_pairs(
        "test", FIRST_JUDGED, people,
        lambda done: say(f"{done} of {people} test walkers through a detector"), monocular=True,
    )  # fmt: skip
    shown, normal = (
        {OURS: answers_of(trained, walks, "detector")[OURS]}
        for walks in ([pair.shown for pair in pairs], [pair.normal for pair in pairs])
    )
    tables = (_located(shown, normal, pairs), _left_alone(normal, pairs))
    return tuple(replace(one, title=f"{DETECTOR}. {one.title}") for one in tables)


def _of_pattern(
    answers: Mapping[str, Answer], pairs: Sequence[JudgedPair], pattern: str
) -> tuple[dict[str, Answer], list[JudgedPair]]:
    rows = [i for i, pair in enumerate(pairs) if pair.pattern == pattern]
    part = {n: Answer(a.badness[rows], a.twin_deg[rows]) for n, a in answers.items()}
    return part, [pairs[i] for i in rows]


def _located(
    shown: Mapping[str, Answer], normal: Mapping[str, Answer], pairs: Sequence[JudgedPair]
) -> MeasureTable:
    rows = []
    for pattern in IMPAIRED:
        part, own = _of_pattern(shown, pairs, pattern)
        healthy, _ = _of_pattern(normal, pairs, pattern)
        wrong = sum(int((pair.departure_deg >= WRONG_DEG).sum()) for pair in own)
        aucs = [cell(localisation(part[name], healthy[name], own)) for name in shown]
        tops = [cell(100.0 * top_share(part[name], own)) for name in list(shown)[:2]]
        rows.append((pattern.replace("_", " "), f"{len(own)}", f"{wrong}", *aucs, *tops))
    names = list(shown)
    return MeasureTable(
        "Wrong joints found: AUC against right joints of the same walks and the own normal walks; "
        "top k: of the k joints with most badness, k being wrong, those that are, %",
        ("pattern", "people", "wrong joints", *names, *(f"top k, {n}" for n in names[:2])),
        tuple(rows),
    )


def _located_by_joint(
    shown: Mapping[str, Answer], normal: Mapping[str, Answer], pairs: Sequence[JudgedPair]
) -> MeasureTable:
    rows = []
    for column, joint in enumerate(JOINTS):
        aucs = [cell(localisation(shown[n], normal[n], pairs, column)) for n in shown]
        called = 100.0 * float(normal[OURS].wrong[:, column].mean())
        rows.append((joint.replace("_", " "), *aucs, cell(called)))
    return MeasureTable(
        "The same by joint, all patterns together; and how often a normal walk's is called wrong",
        ("joint", *shown, "normal ones called wrong, %"),
        tuple(rows),
    )


def _put_right(shown: Mapping[str, Answer], pairs: Sequence[JudgedPair]) -> MeasureTable:
    rows = []
    for pattern in IMPAIRED:
        part, own = _of_pattern(shown, pairs, pattern)
        found = {name: correction(answer, own) for name, answer in part.items()}
        cells = [f"{cell(one.less_percent)} ({cell(one.cohens_d)})" for one in found.values()]
        ours = found[OURS]
        rows.append((
            pattern.replace("_", " "), cell(ours.before_deg), cell(ours.after_deg), *cells,
        ))  # fmt: skip
    return MeasureTable(
        "Wrong joints put right: departure from the own normal walk, RMS over the cycle, and how "
        "much less it is in the twin, % (Cohen's d of the persons' differences)",
        ("pattern", "walk, °", "twin, °", *shown),
        tuple(rows),
    )


def _left_alone(normal: Mapping[str, Answer], pairs: Sequence[JudgedPair]) -> MeasureTable:
    rows = []
    for name, answer in normal.items():
        changed = changed_deg(answer, [pair.normal for pair in pairs])
        rows.append((
            name, cell(float(changed.mean())), cell(float(np.percentile(changed, 95))),
            cell(100.0 * float(answer.wrong.any(axis=1).mean())),
        ))  # fmt: skip
    return MeasureTable(
        "Normal walks: how far the twin is from them, mean of all joints, °",
        ("estimator", "mean", "95th percentile", "people with a joint called wrong, %"),
        tuple(rows),
    )


def _judged(shown: Mapping[str, Answer], pairs: Sequence[JudgedPair]) -> tuple[Judged, ...]:
    truth = np.stack([pair.departure_deg for pair in pairs]).ravel()
    people = [pair.person for pair in pairs for _ in JOINTS]
    said = estimated_departure_deg(shown, [pair.shown for pair in pairs])
    return tuple(
        judge(name, "how far a joint departs from normal", "°", truth, values.ravel(), people)
        for name, values in said.items()
    )


def _notes(pairs: Sequence[JudgedPair]) -> tuple[str, ...]:
    departs = np.stack([pair.departure_deg for pair in pairs])
    between = 100.0 * float(((departs > RIGHT_DEG) & (departs < WRONG_DEG)).mean())
    return (
        f"wrong: a joint whose angle departs by {WRONG_DEG:g}° RMS over the cycle from the same "
        f"walker's own normal walk, right: by {RIGHT_DEG:g}° at most; {between:.0f} % of the "
        "joints lie between and are not judged",
        "where a table says nothing (–), a pattern has no wrong or no right joint",
    )
