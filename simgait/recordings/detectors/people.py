"""Which of several people in an array is meant: whoever is seen most, most surely, and walks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

AS_GOOD = 0.9
"""Of the best: who comes so near is as likely meant, and the first of these is taken."""
SHOWN_PEOPLE = 10
"""Chosen: as many lines of a table as are read."""
FAR = 4.0
"""Way of a body, in sizes of it (mean distance of its points from their middle, about half a metre
of a grown-up), beyond which going farther says no more."""
LEAST = 0.05
"""Share of whatever tells people apart that nobody is below: nothing is decided by noise."""
_REASONS = ("seen in the most frames", "detected most surely", "moving most")


@dataclass(frozen=True)
class Choice:
    """Who was chosen.

    Attributes:
        number: of the person, from 1.
        seen: numbers of all who are seen at all.
        listed: in words, in how many frames each is seen, and how surely.
        why: in words.
    """

    number: int
    seen: tuple[int, ...]
    listed: str
    why: str


def choose_person_shown(people: Float[np.ndarray, "T P K C"]) -> Choice:
    """The person who is likeliest meant.

    By the product of three shares of the best: frames, mean confidence (where there is one), and
    movement. None of them needs the points' names, unit or axes.

    Args:
        people: x, y, z and perhaps a confidence; NaN or 0, 0, 0 where missing.
    """
    positions = people[..., :3]
    missing = (positions == 0).all(-1) | np.isnan(positions).any(-1)
    points = np.where(missing[..., None], np.nan, positions)
    numbers = range(people.shape[1])
    frames = (~missing).any(axis=2).sum(axis=0).astype(float)
    sure = np.array([_confidence(people[:, p], missing[:, p]) for p in numbers])
    moves = np.array([_movement(points[:, p]) for p in numbers])
    shares = np.stack([_share(frames), _share(sure), _share(moves)])
    score = np.where(frames > 0, shares.prod(axis=0), 0.0)
    number = int(np.argmax(score >= AS_GOOD * score.max()))
    seen = tuple(int(p) + 1 for p in np.flatnonzero(frames))
    has_confidence = people.shape[-1] > 3
    listed = ", ".join(
        f"{p} in {frames[p - 1]:.0f} frames"
        + (f" with confidence {sure[p - 1]:.2f}" if has_confidence else "")
        for p in seen[:SHOWN_PEOPLE]
    )
    return Choice(number + 1, seen, listed, _why(shares, score, number))


def _share(values: Float[np.ndarray, " P"]) -> Float[np.ndarray, " P"]:
    """Of the largest, 1 for all where there is none."""
    largest = values.max()
    if not largest > 0:
        return np.ones_like(values)
    return np.maximum(values / largest, LEAST)


def _confidence(points: Float[np.ndarray, "T K C"], missing: np.ndarray) -> float:
    """Mean confidence where the person is seen; 1 where the array has none."""
    if points.shape[-1] < 4 or missing.all():
        return 1.0
    known = points[..., 3][~missing]
    return float(np.clip(np.nan_to_num(known), 0.0, 1.0).mean())


def _movement(points: Float[np.ndarray, "T K 3"]) -> float:
    """How far the body goes, or its limbs swing where it stays, in sizes of the body, at most 1."""
    body = points[np.isfinite(points).all(-1).any(-1)]
    if len(body) < 2:
        return 0.0
    middle = np.nanmedian(body, axis=1)
    about = body - middle[:, None]
    size = float(np.nanmean(np.linalg.norm(about, axis=-1)))
    if not size > 0:
        return 0.0
    way = np.linalg.norm(np.subtract(*np.percentile(middle, [95.0, 5.0], axis=0)))
    often = about[:, np.isfinite(about).all(-1).sum(axis=0) > 1]
    swing = np.linalg.norm(np.nanstd(often, axis=0), axis=-1).max() if often.size else 0.0
    return float(min(1.0, way / (FAR * size) + swing / size))


def _why(shares: Float[np.ndarray, "3 P"], score: Float[np.ndarray, " P"], number: int) -> str:
    """What sets the chosen person apart from the next best."""
    others = np.delete(np.arange(len(score)), number)
    nearest = others[np.argmax(score[others])]
    if score[nearest] >= AS_GOOD * score[number]:
        return "the first of those who are as likely meant"
    ahead = shares[:, number] / shares[:, nearest]
    return f"the one {_REASONS[int(np.argmax(ahead))]}"
