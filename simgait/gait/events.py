"""Foot contact events from the vertical force under each foot.

Threshold with hysteresis as for force plates (Ghoussayni et al. 2004, Gait Posture 20:266-272;
ISO-like 20 N of an adult = 3 % of body weight), times interpolated between samples.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from simgait.errors import InputError
from simgait.skeleton.sides import SIDES
from simgait.types import GaitEvent


@dataclass(frozen=True)
class EventConfig:
    """Thresholds of `contact_events`.

    Attributes:
        on_fraction_bw: load (fraction of body weight) above which a foot has landed.
        off_fraction_bw: load below which it has left; lower than `on_fraction_bw`.
        min_contact_s: shorter loadings are scuffs and dropped.
        min_swing_s: contacts closer than this are one contact (chatter, heel bounce). A child's
            swing at 170 steps/min still lasts 0.25 s.
        start_edge_s: a landing so soon after the first sample is the simulation finding the
            floor, not a step.
    """

    on_fraction_bw: float = 0.05
    off_fraction_bw: float = 0.025
    min_contact_s: float = 0.1
    min_swing_s: float = 0.15
    start_edge_s: float = 0.025

    def __post_init__(self) -> None:
        """Raises InputError where the thresholds contradict each other."""
        if not 0.0 < self.off_fraction_bw <= self.on_fraction_bw < 1.0:
            raise InputError(
                "Contact thresholds must satisfy 0 < off_fraction_bw <= on_fraction_bw < 1, got "
                f"{self.off_fraction_bw} and {self.on_fraction_bw}; correct the event config."
            )
        if min(self.min_contact_s, self.min_swing_s, self.start_edge_s) < 0.0:
            raise InputError("Durations in the event config must not be negative; correct them.")


DEFAULT_EVENT_CONFIG = EventConfig()


@dataclass(frozen=True)
class Contact:
    """One loading of a foot; NaN where it began before or lasted beyond the recording."""

    start_s: float
    end_s: float


def _crossing_s(
    time_s: Float[np.ndarray, " S"], load: Float[np.ndarray, " S"], index: int, level: float
) -> float:
    """Time between samples index-1 and index at which `load` passes `level`."""
    before, after = load[index - 1], load[index]
    fraction = 0.5 if after == before else (level - before) / (after - before)
    fraction = min(max(fraction, 0.0), 1.0)
    return float(time_s[index - 1] + fraction * (time_s[index] - time_s[index - 1]))


def contacts(
    time_s: Float[np.ndarray, " S"],
    load: Float[np.ndarray, " S"],
    config: EventConfig = DEFAULT_EVENT_CONFIG,
) -> list[Contact]:
    """Contacts of one foot.

    Args:
        time_s: (S,) seconds, increasing.
        load: (S,) vertical force / body weight.
        config: thresholds.

    Raises:
        InputError: times that do not increase, or NaN in the load.
    """
    if len(time_s) != len(load) or len(time_s) < 2 or np.any(np.diff(time_s) <= 0):
        raise InputError(
            f"Foot forces need increasing times of the same length, got {len(time_s)} times and "
            f"{len(load)} values; check the rollout."
        )
    if not np.all(np.isfinite(load)):
        raise InputError("The foot force holds NaN or inf values; cut the rollout before them.")
    # State changes only where a threshold is passed; between them the last state holds.
    state: Bool[np.ndarray, " S"] = np.empty(len(load), dtype=bool)
    marks = np.where(load >= config.on_fraction_bw, 1, 0)
    marks[load < config.off_fraction_bw] = -1
    last = np.maximum.accumulate(np.where(marks != 0, np.arange(len(load)), -1))
    state = np.where(last >= 0, marks[np.maximum(last, 0)] == 1, False)
    found: list[Contact] = []
    start = float("nan") if state[0] else None
    for index in (np.flatnonzero(state[1:] != state[:-1]) + 1).tolist():
        if state[index]:
            start = _crossing_s(time_s, load, index, config.on_fraction_bw)
            if start - time_s[0] < config.start_edge_s:
                start = float("nan")
        elif start is not None:
            end = _crossing_s(time_s, load, index, config.off_fraction_bw)
            found.append(Contact(start, end))
            start = None
    if start is not None:
        found.append(Contact(start, float("nan")))
    merged: list[Contact] = []
    for contact in found:
        if merged and contact.start_s - merged[-1].end_s < config.min_swing_s:
            merged[-1] = Contact(merged[-1].start_s, contact.end_s)
        else:
            merged.append(contact)
    # A contact cut by the recording's edge (NaN duration) may well have been long: it stays.
    return [c for c in merged if not (c.end_s - c.start_s < config.min_contact_s)]


def contact_events(
    time_s: Float[np.ndarray, " S"],
    foot_force_n: Float[np.ndarray, "S 2 3"],
    body_weight_n: float,
    config: EventConfig = DEFAULT_EVENT_CONFIG,
) -> tuple[GaitEvent, ...]:
    """Initial contacts and foot offs of both feet, in order of time.

    A foot that is loaded at the first or last sample yields no event there.

    Args:
        time_s: (S,) physics times.
        foot_force_n: (S, 2, 3) force on the left and right foot, z up.
        body_weight_n: weight of the body that stands on the feet.
        config: thresholds.

    Raises:
        InputError: wrong shapes, times that do not increase, NaN, or a weight that is not > 0.
    """
    if foot_force_n.ndim != 3 or foot_force_n.shape[1:] != (2, 3):
        raise InputError(
            f"Foot forces must have shape (S, 2, 3), got {foot_force_n.shape}; check the rollout."
        )
    if not body_weight_n > 0.0:
        raise InputError(f"Body weight must be above 0 N, got {body_weight_n}; check the rollout.")
    events: list[GaitEvent] = []
    for column, side in enumerate(SIDES):
        load = foot_force_n[:, column, 2] / body_weight_n
        for contact in contacts(time_s, load, config):
            if np.isfinite(contact.start_s):
                events.append(GaitEvent(contact.start_s, side, "initial_contact"))
            if np.isfinite(contact.end_s):
                events.append(GaitEvent(contact.end_s, side, "foot_off"))
    return tuple(sorted(events, key=lambda event: event.time_s))
