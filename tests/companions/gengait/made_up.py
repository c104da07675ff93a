"""A small GenGait that learned nothing, and walks to ask it about."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from simgait.companions.gengait.bands import EDGES_M, BandOf, Bands
from simgait.companions.gengait.calibration import calibrate
from simgait.companions.gengait.config import NetworkConfig
from simgait.companions.gengait.curves import mean_curves_deg
from simgait.companions.gengait.cycles import SAMPLES, NormalisedWalk, normalised
from simgait.companions.gengait.data import exact_trial
from simgait.companions.gengait.joints import ANGLES
from simgait.companions.gengait.passes import Network, tile_residuals_deg
from simgait.companions.gengait.rivals import RIVALS, fit_rivals
from simgait.companions.gengait.tokens import Standard
from simgait.companions.gengait.training import fresh_params
from simgait.companions.gengait.weights import POINTS_ARE, TrainedGenGait, save_gengait
from simgait.synthetic.walkers.specification import (
    Pattern,
    draw_own_normal,
    draw_walker,
    walker_seed,
)
from simgait.types import Trial

SMALL = NetworkConfig(width=8, heads=2, feedforward=8, encoder_layers=1, decoder_layers=1)


@cache
def trial(index: int = 0, pattern: Pattern = "normal") -> Trial:
    """A synthetic walker of the training split."""
    return exact_trial(draw_walker(walker_seed("train", 910_000 + index), pattern), 4.0)


@cache
def walk(index: int = 0, pattern: Pattern = "normal") -> NormalisedWalk:
    """The same in normalised time."""
    return normalised(trial(index, pattern))


def own_normal(index: int, pattern: Pattern) -> NormalisedWalk:
    """The same walker without the pattern."""
    return normalised(exact_trial(draw_own_normal(walker_seed("train", 910_000 + index)), 4.0))


def bands() -> Bands:
    """Of three heights, each its own number everywhere."""
    edges = pairwise(EDGES_M)
    of = tuple(BandOf(from_m=a, below_m=None if np.isinf(b) else b, people=20) for a, b in edges)
    shape = (len(of), SAMPLES, len(ANGLES))
    mean = np.broadcast_to(np.arange(1.0, 4.0)[:, None, None], shape)
    return Bands(of, np.array(mean), np.full(shape, 0.5))


@cache
def small() -> TrainedGenGait:
    """Its thresholds are those of few walks, each counted as many people."""
    walks = [walk(k) for k in range(4)]
    network = Network(SMALL, fresh_params(SMALL, 0), Standard.of(walks))
    rng = np.random.default_rng(0)
    residual = np.tile(tile_residuals_deg(network, walks), (12, 1, 1, 1))
    residual = residual + rng.normal(0.0, 1.0, residual.shape)
    people = [f"p{k}" for k in range(len(residual))]
    curves = np.stack([mean_curves_deg(one) for one in walks])
    many = np.tile(curves, (12, 1, 1)) + rng.normal(0.0, 1.0, (48, *curves.shape[1:]))
    speed = np.full(48, 0.3)
    rivals = fit_rivals(many, speed)
    of_rivals = {
        name: calibrate((many - rivals.expected_deg(name, many, speed))[:, None], people)
        for name in RIVALS
    }
    own = calibrate(residual, people)
    return TrainedGenGait(network, dict.fromkeys(POINTS_ARE, own), bands(), rivals, of_rivals)


def kept(folder: Path, **more: Any) -> str:
    """Writes it as a training does, with more facts on its card."""
    facts = {
        "name": "gengait", "learned_from": "nobody",
        "people": {"train": ["aa"], "calibration": ["bb"]}, **more,
    }  # fmt: skip
    return save_gengait(folder, small(), facts, lambda card: f"# {card['name']}\n")
