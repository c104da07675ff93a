"""Makes simgait/synthetic/people/bodies.npz: people of many builds on one mesh.

Needs `anny` 0.6.2 (Apache-2.0; its MakeHuman data is CC0) and PyTorch in an environment of their
own, once; simgait itself needs neither. Only MakeHuman's default topology is asked for.

    pip install anny==0.6.2 && python scripts/make_bodies.py bodies.npz

The mesh is reduced to a third of its vertices (Garland & Heckbert 1997, quadric error metrics,
vertices kept in their places), with the mean of all bodies for its shape: what is lost is smaller
than a pixel, and drawing takes half the time.
"""

from __future__ import annotations

import heapq
import sys
from pathlib import Path
from typing import Any

import numpy as np

N_VERTICES = 4600
AVERAGE = {
    "gender": 0.5, "age": 0.67, "muscle": 0.5, "weight": 0.5, "height": 0.5, "proportions": 0.5,
    "cupsize": 0.5, "firmness": 0.5, "african": 0.33, "asian": 0.33, "caucasian": 0.34,
}  # fmt: skip
"""Anny's phenotype: gender 0 is male; age 0 newborn, 1/3 a child, 2/3 grown up, 1 old."""
BODIES: dict[str, dict[str, float]] = {
    "man": {"gender": 0.0, "height": 0.55, "muscle": 0.55},
    "man_strong": {"gender": 0.0, "muscle": 0.9, "weight": 0.6, "african": 0.8, "asian": 0.1},
    "man_thin": {"gender": 0.0, "weight": 0.15, "muscle": 0.35, "asian": 0.8, "african": 0.1},
    "man_heavy": {"gender": 0.0, "weight": 0.85, "muscle": 0.4},
    "obese": {"gender": 0.0, "age": 0.75, "weight": 1.0, "muscle": 0.35},
    "tall": {"gender": 0.0, "weight": 0.4, "height": 0.8, "african": 0.9, "muscle": 0.6},
    "woman": {"gender": 1.0, "weight": 0.48, "height": 0.45, "asian": 0.9, "african": 0.05},
    "woman_thin": {"gender": 1.0, "weight": 0.15, "muscle": 0.4},
    "woman_heavy": {"gender": 1.0, "age": 0.7, "weight": 0.8, "height": 0.55, "african": 0.8},
    "woman_obese": {"gender": 1.0, "age": 0.75, "weight": 1.0, "muscle": 0.3, "cupsize": 0.8},
    "old_woman": {"gender": 1.0, "age": 1.0, "weight": 0.55, "height": 0.4, "muscle": 0.3},
    "old_man": {"gender": 0.0, "age": 1.0, "weight": 0.45, "height": 0.4, "muscle": 0.25},
    "small_child": {"age": 0.1},
    "child": {"age": 0.2},
    "child_heavy": {"age": 0.22, "weight": 0.95},
    "child_thin": {"age": 0.25, "weight": 0.1, "african": 0.8, "asian": 0.1},
    "older_child": {"age": 0.33},
    "youth": {"age": 0.45, "gender": 0.3},
}


def main(out: Path) -> None:
    """Write the file."""
    import anny
    import torch

    model = anny.Anny(local_changes="none", facial_actions="none", phenotypes="all")
    model = model.to(dtype=torch.float32)
    weigh = anny.Anthropometry(model)
    still = torch.eye(4)[None, None].repeat(1, model.bone_count, 1, 1)
    kept: dict[str, Any] = {}
    for name, differs in BODIES.items():
        made = model(pose_parameters=still, phenotype_kwargs=AVERAGE | differs)
        mass_kg = float(weigh(made["rest_vertices"])["mass"][0])
        kept[name] = (_array(made["rest_vertices"]), _array(made["rest_bone_heads"]), mass_kg)
    mean = np.mean([vertices / np.ptp(vertices[:, 2]) for vertices, _, _ in kept.values()], axis=0)
    faces, vertices = reduced(mean, model.faces.numpy(), N_VERTICES)
    arrays: dict[str, Any] = {
        "faces": faces.astype(np.int16),
        "bone_of_weight": model.vertex_bone_indices.numpy()[vertices].astype(np.int16),
        "weight": model.vertex_bone_weights.numpy()[vertices].astype(np.float32),
        "bones": np.array(model.bone_labels),
        "names": np.array(list(kept)),
        "vertices": np.stack([body[0][vertices] for body in kept.values()]).astype(np.float32),
        "heads": np.stack([body[1] for body in kept.values()]).astype(np.float32),
        "mass_kg": np.array([body[2] for body in kept.values()]),
    }
    np.savez_compressed(out, **arrays)
    for name, (body, _, mass_kg) in kept.items():
        height = np.ptp(body[:, 2])
        print(f"{name}: {height:.2f} m, body mass index {mass_kg / height**2:.1f}")
    print(f"{out}: {len(vertices)} vertices, {len(faces)} triangles, {out.stat().st_size} bytes")


def _array(batch: Any) -> np.ndarray:
    return np.asarray(batch[0].detach().numpy(), float)


def reduced(
    places: np.ndarray, faces: np.ndarray, n_vertices: int
) -> tuple[np.ndarray, np.ndarray]:
    """Triangles of a mesh whose vertices are some of the (N, 3) given, and which these are.

    Edges are collapsed onto one of their ends, the one that moves the surface least first.
    """
    surface = Surface(places, faces)
    for vertex in range(len(places)):
        for other in surface.neighbours(vertex):
            surface.offer(vertex, other)
    left = len(places)
    while left > n_vertices and surface.offers:
        left -= surface.collapse_next()
    triangles = np.array(list(surface.triangles.values()))
    kept = np.unique(triangles)
    number = np.full(len(places), -1)
    number[kept] = np.arange(len(kept))
    return number[triangles], kept


class Surface:
    """A mesh whose edges are collapsed one after the other."""

    def __init__(self, places: np.ndarray, faces: np.ndarray) -> None:
        self.places = places
        self.triangles = {i: tuple(map(int, face)) for i, face in enumerate(faces)}
        self.around: list[set[int]] = [set() for _ in places]
        for i, face in self.triangles.items():
            for vertex in face:
                self.around[vertex].add(i)
        self.quadric = _quadrics(places, faces)
        self.changed, self.alive = np.zeros(len(places), int), np.ones(len(places), bool)
        self.offers: list[tuple[float, int, int, int, int]] = []

    def neighbours(self, vertex: int) -> set[int]:
        """Vertices with an edge to this one."""
        return {v for i in self.around[vertex] for v in self.triangles[i]} - {vertex}

    def offer(self, gone: int, stays: int) -> None:
        """Put a collapse in the queue, with what it costs now."""
        end = np.append(self.places[stays], 1.0)
        length = float(np.linalg.norm(self.places[gone] - self.places[stays]))
        cost = float(end @ (self.quadric[gone] + self.quadric[stays]) @ end) + 1e-9 * length
        when = int(self.changed[gone]), int(self.changed[stays])
        heapq.heappush(self.offers, (cost, gone, stays, *when))

    def collapse_next(self) -> bool:
        """Take the cheapest collapse of the queue; False where it is no longer possible."""
        _, gone, stays, *when = heapq.heappop(self.offers)
        current = [self.changed[gone], self.changed[stays]]
        if not (self.alive[gone] and self.alive[stays]) or current != when:
            return False
        shared = self.around[gone] & self.around[stays]
        common = self.neighbours(gone) & self.neighbours(stays)
        if not len(common) == len(shared) == 2 or self._turns_over(shared, gone, stays):
            return False
        for i in shared:
            for vertex in self.triangles.pop(i):
                self.around[vertex].discard(i)
        for i in list(self.around[gone]):
            self.triangles[i] = self._moved(i, gone, stays)
            self.around[stays].add(i)
        self.around[gone].clear()
        self.alive[gone] = False
        self.quadric[stays] += self.quadric[gone]
        self.changed[stays] += 1
        for other in self.neighbours(stays):
            self.offer(stays, other)
            self.offer(other, stays)
        return True

    def _moved(self, i: int, gone: int, stays: int) -> tuple[int, ...]:
        return tuple(stays if v == gone else v for v in self.triangles[i])

    def _turns_over(self, shared: set[int], gone: int, stays: int) -> bool:
        """Whether a triangle would show its back, or nearly."""
        for i in self.around[gone] - shared:
            corners = self.triangles[i], self._moved(i, gone, stays)
            one, other = (
                np.cross(p[1] - p[0], p[2] - p[0]) for p in (self.places[list(c)] for c in corners)
            )
            if one @ other < 0.2 * np.linalg.norm(one) * np.linalg.norm(other):
                return True
        return False


def _quadrics(places: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Sum of squared distances to the planes around each vertex, as 4 × 4 matrices."""
    a, b, c = (places[faces[:, i]] for i in range(3))
    across = np.cross(b - a, c - a)
    area = np.linalg.norm(across, axis=1, keepdims=True)
    normal = across / np.maximum(area, 1e-12)
    plane = np.column_stack([normal, -(normal * a).sum(axis=1)])
    each = area[:, :, None] * plane[:, :, None] * plane[:, None, :]
    total = np.zeros((len(places), 4, 4))
    for i in range(3):
        np.add.at(total, faces[:, i], each)
    return total


if __name__ == "__main__":
    main(Path(sys.argv[1]))
