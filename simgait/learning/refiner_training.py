"""Supervised training of the refiner on walks whose truth is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any, Literal

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, Float, Int, Integer
from pydantic import BaseModel, ConfigDict, Field, model_validator

from simgait.body.refiner import (
    ANGLE_SCALE_RAD,
    SPEED_SCALE,
    WIDTH,
    RefinerWeights,
    corrections,
    initial_refiner,
    one_sided,
)
from simgait.body.refiner_blocks import (
    beyond_body,
    features_layout,
    outputs_layout,
    refiner_features,
    speed_unit_mps,
)
from simgait.datasets.detector_mixture import refuse_left_out, shares_without
from simgait.errors import InputError
from simgait.learning.generator_words import set_words, words_of
from simgait.skeleton.coordinates import ANGLES, HORIZONTAL
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.skeleton.skeleton import Skeleton
from simgait.types import FittedTrial

VALIDATE_EVERY, N_HELD = 250, 256  # steps between validations, and crops of each
USUAL_SPEED, LEAST_SPEED = 0.4, 0.1
"""Of sqrt(g × leg): that of comfortable walking, and that from which on errors count relatively."""
Answer = Callable[[RefinerWeights, Array, Array], Array]


class RefinerConfig(BaseModel):
    """How the refiner is trained."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    walkers: Literal["as_drawn", "restyled"] = Field(
        "as_drawn",
        description="walkers as they are drawn and people as they walked, through monocular-v1; or "
        "both restyled, through a mixture of detector families",
    )
    n_walkers: int = Field(7000, ge=1, description="synthetic training walkers")
    left_out: tuple[str, ...] = Field(
        (),
        description="training people who help to choose the weights instead of being learned from",
    )
    left_out_detectors: tuple[str, ...] = Field(
        (),
        description="of the mixture of families: nothing is learned from them, or chosen by them",
    )
    width: int = Field(WIDTH, ge=8, description="of the network")
    real_copies: int = Field(12, ge=0, description="copies of each real training walk")
    real_share: float = Field(
        0.25, ge=0, le=1, description="of real crops in a batch, each person as often"
    )
    hidden_share: float = Field(
        0.25, ge=0, le=1, description="of crops that show no arms and head, as many detectors do"
    )
    steps: int = Field(9000, ge=1, description="gradient steps")
    batch: int = Field(32, ge=1, description="crops per step")
    crop_frames: int = Field(128, ge=16, description="length of a crop, frames")
    learning_rate: float = Field(2e-3, gt=0, description="peak of a cosine schedule")
    weight_decay: float = Field(1e-4, ge=0, description="AdamW weight decay")
    mean_speed_weight: float = Field(
        4.0,
        ge=0,
        description="weight of the crop-mean velocity error",
    )
    relative_speed: bool = Field(
        False, description="that error counts relative to the walk's own speed"
    )
    contact_weight: float = Field(0.05, ge=0, description="weight of the contact cross-entropy")
    seed: int = Field(0, ge=0, description="of everything drawn")

    @model_validator(mode="after")
    def _can_do_without(self) -> RefinerConfig:
        if self.left_out_detectors and self.walkers != "restyled":
            raise ValueError(
                "left_out_detectors are of the mixture that walkers = 'restyled' are seen through; "
                "set that, or left_out_detectors = []"
            )
        try:
            shares_without(self.left_out_detectors)
        except InputError as error:
            raise ValueError(str(error)) from None
        return self


def targets(walk: FittedTrial) -> tuple[Float[np.ndarray, "T O"], Float[np.ndarray, "T O"]]:
    """What the refiner should say, and the weight (0 where the truth is unknown).

    Raises:
        ValueError: the trial has no truth.
    """
    truth = walk.trial.truth
    if truth is None:
        raise ValueError(f"{walk.trial.trial_id} has no truth to learn from")
    true_pose = walk.skeleton.told(truth.pose, TRIMMED_HUMANOID)
    angle = (true_pose[:, ANGLES] - walk.pose[:, ANGLES]) / ANGLE_SCALE_RAD
    true_speed = np.gradient(true_pose[:, HORIZONTAL], 1.0 / walk.trial.fps_hz, axis=0)
    speed = true_speed - walk.pose_velocity[:, HORIZONTAL]
    speed = speed / (SPEED_SCALE * speed_unit_mps(walk))
    target = np.concatenate([angle, speed, truth.contact], axis=1)
    known = np.isfinite(target)
    return np.where(known, target, 0.0), known.astype(float)


def true_speed(walk: FittedTrial) -> float:
    """Mean true speed along progression, of sqrt(g × leg); 0 where the truth has no path."""
    truth = walk.trial.truth
    ahead = np.full(1, np.nan) if truth is None else truth.pose[:, 0]
    known = np.flatnonzero(np.isfinite(ahead))
    if len(known) < 2:
        return 0.0
    first, last = known[[0, -1]]
    duration_s = (last - first) / walk.trial.fps_hz
    return float((ahead[last] - ahead[first]) / duration_s / speed_unit_mps(walk))


def some_mirrored(batch: dict[str, Array], skeleton: Skeleton) -> dict[str, Array]:
    """The batch with those of its walks as mirror images that `mirrored` (B,) marks with 1."""
    image = batch["mirrored"][:, None, None] > 0.5
    seen, said = features_layout(skeleton).mirror, outputs_layout(skeleton).mirror
    known = jnp.abs(said(batch["known"]))
    return batch | {
        "features": jnp.where(image, seen(batch["features"]), batch["features"]),
        "target": jnp.where(image, said(batch["target"]), batch["target"]),
        "known": jnp.where(image, known, batch["known"]),
    }


def _loss(
    params: Any,
    batch: dict[str, Array],
    answer: Answer,
    standard: RefinerWeights,
    config: RefinerConfig,
) -> tuple[Array, dict[str, Array]]:
    weights = replace(standard, params=params)
    layout = outputs_layout(standard.skeleton)
    out = answer(weights, batch["features"], batch["valid"])
    weight = batch["known"] * batch["valid"][..., None]

    def error_of(part: str) -> tuple[Array, Array]:
        """A part's errors and their weights."""
        of = weight[..., layout[part]]
        return (out[..., layout[part]] - batch["target"][..., layout[part]]) * of, of

    def robust_mean(error: Array, of: Array) -> Array:
        """Square of small errors, size of large ones: robust to a lost detection."""
        return (jnp.abs(error) * jnp.minimum(jnp.abs(error), 1.0)).sum() / of.sum()

    angle = robust_mean(*error_of("angles"))
    error, of = error_of("velocity")
    speed = robust_mean(error, of)
    mean_error = error.sum(1) / jnp.maximum(of.sum(1), 1.0)
    if config.relative_speed:
        mean_error /= jnp.maximum(batch["speed"], LEAST_SPEED)[:, None] / USUAL_SPEED
    mean_speed = jnp.square(mean_error).mean()
    stands = layout["standing"]
    logits, labels, of = out[..., stands], batch["target"][..., stands], weight[..., stands]
    entropy = optax.sigmoid_binary_cross_entropy(logits, labels) * of
    contact = entropy.sum() / jnp.maximum(of.sum(), 1.0)
    loss = (
        angle
        + 0.5 * speed
        + config.mean_speed_weight * mean_speed
        + config.contact_weight * contact
    )
    parts = {
        "angle_deg": jnp.rad2deg(ANGLE_SCALE_RAD) * jnp.sqrt(angle),
        "mean_speed": SPEED_SCALE * jnp.sqrt(mean_speed),
        "contact": contact,
    }
    return loss, parts


@dataclass(frozen=True)
class RefinerState:
    """Everything the refiner's training is, for an exact resume.

    Attributes:
        best, best_loss: weights that did best on the validation walks so far.
        drawn: state of the generator that draws batches, see `words_of`.
    """

    params: Any
    optimiser: Any
    best: Any
    best_loss: Float[Array, ""]
    step: Int[Array, ""]
    drawn: Integer[Array, " W"]


jax.tree_util.register_dataclass(
    RefinerState, data_fields=[f.name for f in fields(RefinerState)], meta_fields=[]
)


def train_refiner(
    train: Sequence[FittedTrial],
    validation: Sequence[FittedTrial],
    config: RefinerConfig,
    report: Callable[[int, dict[str, float]], None] = lambda step, parts: None,
    *,
    real: Sequence[FittedTrial] = (),
    begin: RefinerWeights | None = None,
    resume: Callable[[RefinerState], RefinerState] = lambda fresh: fresh,
    turn: Callable[[RefinerState, bool], None] = lambda state, validated: None,
) -> RefinerWeights:
    """Trains on random crops; returns the weights that were best on the validation walks.

    Args:
        train: synthetic walkers.
        validation: others of them.
        config: how.
        report: called with the step and its figures.
        real: walks of real training subjects. They are few, and a network learns synthetic people
            by heart and is wrong about real ones if it meets them as rarely.
        begin: weights to go on from, which bring their standardisation along; None: new ones.
        resume: gets a fresh state, gives the one to go on from.
        turn: called after every step with the state, and whether it was validated.

    Raises:
        InputError: a walk is seen through a detector that is left out, or the loss is no number.
    """
    seen = (walk.trial.error_model for walk in [*train, *validation, *real])
    refuse_left_out(seen, config.left_out_detectors)
    optimiser = _optimiser(config)
    skeleton = train[0].skeleton
    standard = begin or _new_refiner([*train, *real], skeleton, config)
    fresh = standard.params
    loss = partial(_loss, standard=standard, config=config)

    update = _update(loss, optimiser, skeleton)
    evaluate = jax.jit(partial(loss, answer=corrections))
    held = _Padded(validation).crops(np.random.default_rng(1), N_HELD, config.crop_frames)
    batches = _Batches(_Padded(train), _Padded(real), config, skeleton)
    state = resume(
        RefinerState(
            fresh, optimiser.init(fresh), fresh,
            jnp.asarray(jnp.inf, jnp.float32), jnp.asarray(0, jnp.int32), words_of(batches.rng),
        )
    )  # fmt: skip
    set_words(batches.rng, state.drawn)
    for step in range(int(state.step), config.steps):
        params, moments, parts = update(state.params, state.optimiser, batches.draw())
        best, best_loss = state.best, state.best_loss
        validated = (step + 1) % VALIDATE_EVERY == 0 or step + 1 == config.steps
        if validated:
            held_loss, held_parts = evaluate(params, held)
            if _is_better(float(held_loss), float(best_loss), step + 1):
                best, best_loss = params, held_loss
            values = {f"validation_{k}": float(v) for k, v in held_parts.items()}
            report(step + 1, {k: float(v) for k, v in parts.items()} | values)
        count = jnp.asarray(step + 1, jnp.int32)
        state = RefinerState(params, moments, best, best_loss, count, words_of(batches.rng))
        turn(state, validated)
    return replace(standard, params=jax.tree.map(np.asarray, state.best))


def _is_better(loss: float, best: float, steps: int) -> bool:
    """Whether a validation's loss is the best so far; raises InputError where it is no number."""
    if not np.isfinite(loss):
        raise InputError(
            f"The refiner's loss ceased to be a number after {steps:,} steps; begin anew in "
            "another folder, with a smaller learning rate of the refiner."
        )
    return loss < best


def _update(
    loss: Callable[..., tuple[Array, dict[str, Array]]],
    optimiser: optax.GradientTransformation,
    skeleton: Skeleton,
) -> Callable[[Any, Any, Any], tuple[Any, Any, dict[str, Array]]]:
    """One step: parameters, the optimiser's state and a batch in; both and the figures out."""

    @jax.jit
    def update(
        params: Any, state: Any, batch: dict[str, Array]
    ) -> tuple[Any, Any, dict[str, Array]]:
        # Mirror images drawn at random cost half of answering both, which is what counts later.
        batch = some_mirrored(batch, skeleton)
        gradient, parts = jax.grad(loss, has_aux=True)(params, batch, one_sided)
        change, state = optimiser.update(gradient, state, params)
        return optax.apply_updates(params, change), state, parts

    return update


def _optimiser(config: RefinerConfig) -> optax.GradientTransformation:
    schedule = optax.warmup_cosine_decay_schedule(
        0.0, config.learning_rate, config.steps // 20, config.steps, config.learning_rate / 50
    )
    return optax.chain(
        optax.clip_by_global_norm(1.0), optax.adamw(schedule, weight_decay=config.weight_decay)
    )


class _Batches:
    """Draws the batch of each step: some crops of real people, some that hide arms and head."""

    def __init__(
        self, data: _Padded, people: _Padded, config: RefinerConfig, skeleton: Skeleton
    ) -> None:
        self.rng = np.random.default_rng(config.seed)
        self._data, self._people, self._config = data, people, config
        self._n_real = round(config.real_share * config.batch) if people.people else 0
        self._unseen = beyond_body(skeleton)

    def draw(self) -> dict[str, np.ndarray]:
        config, rng = self._config, self.rng
        batch = self._data.crops(rng, config.batch - self._n_real, config.crop_frames)
        if self._n_real:
            met = self._people.crops(rng, self._n_real, config.crop_frames, by_person=True)
            batch = {key: np.concatenate([batch[key], met[key]]) for key in batch}
        hidden = rng.random(config.batch) < config.hidden_share
        batch["features"][np.ix_(hidden, np.arange(config.crop_frames), self._unseen)] = 0.0
        batch["mirrored"] = rng.integers(2, size=config.batch).astype(np.float32)
        return batch


def _new_refiner(
    walks: Sequence[FittedTrial], skeleton: Skeleton, config: RefinerConfig
) -> RefinerWeights:
    mean, sd = _standardisation(walks)
    blank = initial_refiner(jax.random.key(config.seed), skeleton, config.width)
    return replace(blank, feature_mean=mean, feature_sd=sd)


def _standardisation(walks: Sequence[FittedTrial]) -> tuple[np.ndarray, np.ndarray]:
    features = np.concatenate([refiner_features(walk) for walk in walks[:1000]])
    # Constant features (a mask that is always 1) must not explode: floor the spread.
    return features.mean(0), np.maximum(features.std(0), 0.02)


class _Padded:
    """Features and targets of many walks, ready to be cropped."""

    def __init__(self, walks: Sequence[FittedTrial]) -> None:
        self.features, self.target, self.known, self.speed = [], [], [], []
        whose: dict[str, list[int]] = {}
        for i, walk in enumerate(walks):
            whose.setdefault(walk.trial.subject_id, []).append(i)
            target, known = targets(walk)
            self.features.append(refiner_features(walk))
            self.target.append(target.astype(np.float32))
            self.known.append(known.astype(np.float32))
            self.speed.append(true_speed(walk))
        self.people = list(whose.values())

    def _drawn(self, rng: np.random.Generator, n: int, by_person: bool) -> Sequence[int]:
        if not by_person:
            return rng.integers(len(self.features), size=n).tolist()
        drawn = rng.integers(len(self.people), size=n)
        return [int(rng.choice(self.people[person])) for person in drawn]

    def crops(
        self, rng: np.random.Generator, n: int, frames: int, *, by_person: bool = False
    ) -> dict[str, np.ndarray]:
        """N random crops; short walks are padded and masked.

        Every walk is drawn as often, or with `by_person` every person.
        """
        batch = {
            "features": np.zeros((n, frames, self.features[0].shape[1]), np.float32),
            "target": np.zeros((n, frames, self.target[0].shape[1]), np.float32),
            "known": np.zeros((n, frames, self.known[0].shape[1]), np.float32),
            "valid": np.zeros((n, frames), np.float32),
            "speed": np.zeros(n, np.float32),
        }
        for row, walk in enumerate(self._drawn(rng, n, by_person)):
            length = len(self.features[walk])
            size = min(length, frames)
            start = int(rng.integers(length - size + 1))
            for key, source in (
                ("features", self.features),
                ("target", self.target),
                ("known", self.known),
            ):
                batch[key][row, :size] = source[walk][start : start + size]
            batch["valid"][row, :size] = 1.0
            batch["speed"][row] = self.speed[walk]
        return batch
