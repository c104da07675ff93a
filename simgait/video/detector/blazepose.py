"""BlazePose (full): a network that finds people, one that finds 33 landmarks of each.

Bazarevsky et al. 2020 (arXiv 2006.10204), and MediaPipe's pose_detection and pose_landmark graphs,
whose constants these are. What is not taken over is their filter over time.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, UInt8

from simgait.errors import InputError
from simgait.resources import resource_dir
from simgait.video.detector.sampling import cut_out
from simgait.video.detector.tflite_file import read_graph
from simgait.video.detector.tflite_graph import compiled
from simgait.video.landmarks import N_LANDMARKS, Landmarks, Region
from simgait.video.shrinking import block_means

FOLDER = "blazepose"
"""Within `policies`."""
FINDER, LANDMARKER = "pose_detection.tflite", "pose_landmark_full.tflite"
FINDER_PX, LANDMARKER_PX, HEATMAP_PX = 224, 256, 64
# As MediaPipe's graphs pose_detection and pose_landmark have them: strides of the anchors, least
# score, overlap, margin of the region.
ANCHOR_STRIDES_PX = (8, 16, 32, 32, 32)
LEAST_SCORE, LEAST_SCORE_CLOSELY = 0.5, 0.6
"""Parts of an empty room reach .55 where they fill a square as people would."""
SAME_PERSON_OVERLAP = 0.3
"""Intersection over union from which two boxes are of one person."""
REGION_MARGIN = 1.25
SQUARES_APART = 0.6
"""Of their side: a person whose width is two fifths of the height stands whole in one of them."""
SAME_WITHIN = 0.15
"""Of the smaller region's side: middles of the hips of one person."""
HEATMAP_REACH, LEAST_HEAT = 3, 0.5
"""Of pixels to either side, and of the score that is looked at, as MediaPipe refines landmarks."""
_N_OUTPUT = 39
"""33 landmarks and 6 that only help; the first two of these say where to look next."""


@dataclass(frozen=True)
class BlazePose:
    """The two networks, loaded and compiled (at their first call)."""

    find: Callable[[Float[np.ndarray, "1 224 224 3"]], list[Any]]
    mark: Callable[[Float[np.ndarray, "1 256 256 3"]], list[Any]]
    anchors: Float[np.ndarray, "2254 2"]

    def people(self, picture: UInt8[np.ndarray, "H W 3"], *, closely: bool = False) -> list[Region]:
        """Where people are in a picture, the surest first.

        Closely, in smaller squares too: people a seventh of the picture's short side tall.
        """
        found = self._boxes(picture, _views(*picture.shape[:2]), LEAST_SCORE)
        if closely:
            found += self._boxes(picture, _close_views(*picture.shape[:2]), LEAST_SCORE_CLOSELY)
        values = np.concatenate([one for one, _ in found])
        score = np.concatenate([one for _, one in found])
        people = [_around(one[4:6], one[6:8]) for one in _one_each(values, score)]
        return [
            one
            for i, one in enumerate(people)
            if not any(_same(one, other) for other in people[:i])
        ]

    def _boxes(
        self, picture: UInt8[np.ndarray, "H W 3"], views: list[Region], least: float
    ) -> list[tuple[Float[np.ndarray, "n 8"], Float[np.ndarray, " n"]]]:
        """What `_people_within` finds in each of several squares of a picture."""
        block = max(int(min(view.side_px for view in views)) // FINDER_PX, 1)
        small = block_means(picture, block)
        out = []
        for view in views:
            part = Region(view.x_px / block, view.y_px / block, view.side_px / block, 0.0)
            values, score = self._people_within(small, part, least)
            out.append((values * block, score))
        return out

    def _people_within(
        self, picture: Float[np.ndarray, "h w 3"], view: Region, least: float
    ) -> tuple[Float[np.ndarray, "n 8"], Float[np.ndarray, " n"]]:
        """Boxes of people in one square of a picture (px), and how sure they are.

        A box (middle, size), then two points: the middle of the hips, and one on the circle around
        the whole person.
        """
        cut = cut_out(picture, view, FINDER_PX) / np.float32(127.5) - np.float32(1)
        boxes, scores = (np.asarray(out[0], float) for out in self.find(cut[None]))
        score = _sigmoid(scores[:, 0])
        kept = np.flatnonzero(score >= least)
        values = boxes[kept, :8] / FINDER_PX
        values[:, [0, 4, 6]] += self.anchors[kept, :1] - 0.5
        values[:, [1, 5, 7]] += self.anchors[kept, 1:] - 0.5
        values *= view.side_px
        values[:, [0, 4, 6]] += view.x_px
        values[:, [1, 5, 7]] += view.y_px
        return values, score[kept]

    def landmarks(self, picture: UInt8[np.ndarray, "H W 3"], region: Region) -> Landmarks:
        """The landmarks of the person in a region of a picture."""
        small = cut_out(picture, region, LANDMARKER_PX) / np.float32(255)
        points, presence, heat, world = (
            np.asarray(out[0], float) for out in self.mark(small[None])
        )
        points = points.reshape(_N_OUTPUT, 5)
        within = _refined(points[:, :2] / LANDMARKER_PX, _sigmoid(heat)) - 0.5
        cos, sin = math.cos(region.turn), math.sin(region.turn)
        turn = np.array([[cos, sin], [-sin, cos]])
        image_px = within @ turn * region.side_px + [region.x_px, region.y_px]
        world_m = world.reshape(_N_OUTPUT, 3)[:N_LANDMARKS].copy()
        world_m[:, :2] = world_m[:, :2] @ turn
        return Landmarks(
            image_px[:N_LANDMARKS],
            world_m,
            _sigmoid(points[:N_LANDMARKS, 3]),
            float(presence[0]),
            _around(image_px[N_LANDMARKS], image_px[N_LANDMARKS + 1]),
        )


def load_blazepose() -> BlazePose:
    """The two networks as released.

    Raises:
        InputError: a file is missing, or is not the one that its card names.
    """
    folder = resource_dir("policies") / FOLDER
    hashes = json.loads((folder / "card.json").read_text(encoding="utf-8"))["sha256"]
    graphs = {}
    for name in (FINDER, LANDMARKER):
        path = folder / name
        data = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(data).hexdigest() != hashes[name]:
            raise InputError(
                f"{name}: missing or damaged in this installation; install simgait again."
            )
        graphs[name] = read_graph(data)
    return BlazePose(
        compiled(graphs[FINDER], (0, 1)), compiled(graphs[LANDMARKER], (0, 1, 3, 4)), _anchors()
    )


def _views(height_px: int, width_px: int) -> list[Region]:
    """Squares to look for people in: the whole picture, and along it squares of its short side.

    The finder sees 224 × 224 pixels. Of a landscape picture that is seen whole it misses people a
    quarter as tall as it, whom it finds in the squares: a woman behind a tree 0.7 s earlier.
    """
    short, long = sorted((height_px, width_px))
    whole = Region(width_px / 2, height_px / 2, float(long), 0.0)
    return [whole] if short == long else [whole, *_squares(height_px, width_px, float(short))]


def _close_views(height_px: int, width_px: int) -> list[Region]:
    """Squares half as large as the picture is high, all over it."""
    return _squares(height_px, width_px, min(height_px, width_px) / 2)


def _squares(height_px: int, width_px: int, side_px: float) -> list[Region]:
    """Squares that cover a picture, and overlap."""
    rows, columns = (_middles(length, side_px) for length in (height_px, width_px))
    return [Region(x, y, side_px, 0.0) for y in rows for x in columns]


def _middles(length_px: int, side_px: float) -> list[float]:
    """Where squares along a length have their middles."""
    n = 1 + math.ceil((length_px - side_px) / (SQUARES_APART * side_px))
    return [side_px / 2 + (length_px - side_px) * i / max(n - 1, 1) for i in range(n)]


def _same(one: Region, other: Region) -> bool:
    """Whether two squares saw one person, who seems larger in the one than in the other."""
    away = math.hypot(one.x_px - other.x_px, one.y_px - other.y_px)
    return away < SAME_WITHIN * min(one.side_px, other.side_px)


def _anchors() -> Float[np.ndarray, "2254 2"]:
    """Middles of the finder's cells (x, y in 0..1): two for each layer of its pyramid."""
    out = []
    for stride in dict.fromkeys(ANCHOR_STRIDES_PX):
        n = FINDER_PX // stride
        y, x = np.mgrid[:n, :n]
        cells = (np.stack([x, y], axis=-1).reshape(-1, 2) + 0.5) / n
        out.append(np.repeat(cells, 2 * ANCHOR_STRIDES_PX.count(stride), axis=0))
    return np.concatenate(out)


def _one_each(
    values: Float[np.ndarray, "N 8"], score: Float[np.ndarray, " N"]
) -> list[Float[np.ndarray, " 8"]]:
    """One of the boxes that overlap: their mean, weighted by score; the surest first."""
    left = list(np.argsort(-score))
    low, high = values[:, :2] - values[:, 2:4] / 2, values[:, :2] + values[:, 2:4] / 2
    area = np.prod(high - low, axis=1)
    found = []
    while left:
        first = left[0]
        shared = np.minimum(high[left], high[first]) - np.maximum(low[left], low[first])
        common = np.prod(np.maximum(shared, 0.0), axis=1)
        same = common / (area[left] + area[first] - common) > SAME_PERSON_OVERLAP
        same[0] = True
        group = np.array(left)[same]
        found.append(np.average(values[group], axis=0, weights=score[group]))
        left = [i for i, one in zip(left, same, strict=True) if not one]
    return found


def _around(middle: Float[np.ndarray, " 2"], rim: Float[np.ndarray, " 2"]) -> Region:
    """The square around a person from the middle of the hips and a point on his circle."""
    x, y = rim - middle
    turn = (math.atan2(y, x) + math.pi / 2 + math.pi) % (2 * math.pi) - math.pi
    return Region(float(middle[0]), float(middle[1]), 2 * math.hypot(x, y) * REGION_MARGIN, turn)


def _refined(
    points: Float[np.ndarray, "39 2"], heat: Float[np.ndarray, "64 64 39"]
) -> Float[np.ndarray, "39 2"]:
    """Landmarks (0..1) moved to the middle of the heat around them, where there is any."""
    at = (points * HEATMAP_PX).astype(int)
    reach = np.arange(-HEATMAP_REACH, HEATMAP_REACH + 1)
    columns, rows = (at[:, i, None] + reach for i in (0, 1))
    within = [(one >= 0) & (one < HEATMAP_PX) for one in (rows, columns)]
    inside = np.arange(HEATMAP_PX)
    near = heat[
        inside.take(rows, mode="clip")[:, :, None],
        inside.take(columns, mode="clip")[:, None, :],
        np.arange(len(points))[:, None, None],
    ] * (within[0][:, :, None] & within[1][:, None, :])
    told = (near.max(axis=(1, 2)) >= LEAST_HEAT) & ((at >= 0) & (at < HEATMAP_PX)).all(axis=1)
    sums = np.maximum(near.sum(axis=(1, 2)), LEAST_HEAT)
    x = (near.sum(axis=1) * columns).sum(axis=1) / sums
    y = (near.sum(axis=2) * rows).sum(axis=1) / sums
    return np.where(told[:, None], np.column_stack([x, y]) / HEATMAP_PX, points)


def _sigmoid(values: Any) -> Any:
    return 1.0 / (1.0 + np.exp(-np.clip(values, -100.0, 100.0)))
