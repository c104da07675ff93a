"""Recipes side by side: from one start, over the same walks, as much processor time for each.

Processor time and not the clock's, so that a busy machine does not decide. Compiling, validations
and the making of walks do not count; how long a recipe compiles is said beside.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax

from simgait.body.refiner import RefinerWeights
from simgait.errors import InputError
from simgait.learning.algorithms import make_algorithm
from simgait.learning.clip_supply import refined_clips
from simgait.learning.config import TrainingConfig
from simgait.learning.config_file import refuse_uneven_batch
from simgait.learning.kept_walks import WalkStore
from simgait.learning.progress import SILENT
from simgait.learning.run_examples import policy_examples, refuse_no_walks, validation_examples
from simgait.learning.run_folder import differences
from simgait.learning.run_state import RunState
from simgait.learning.teacher_given import refuse_nobody_to_follow
from simgait.learning.validation import validate
from simgait.tracking.clips import ClipBank
from simgait.tracking.policies import FixedStatistics, Policy
from simgait.types import FittedTrial

OWN = (
    "algorithm", "ppo", "shac", "name", "checkpoint", "checkpoint_every", "validate_every",
    "replays",
)  # fmt: skip
"""Settings and tables in which recipes may differ."""
ROWS = 40
"""Of each recipe's curve. Chosen."""
Row = dict[str, Any]
Score = Callable[[RunState], dict[str, float]]
Tell = Callable[[str], None]


@dataclass(frozen=True)
class RaceSizes:
    """How long it goes.

    Attributes:
        seconds: of processor time for each recipe.
        validations: beyond that of the start, evenly over the time.
    """

    seconds: float = 600.0
    validations: int = 3


def refuse_other_start(configs: Mapping[str, TrainingConfig]) -> None:
    """Lets recipes be compared that can be trained, and differ in nothing but how a policy learns.

    Raises:
        InputError: there are fewer than two; one has other walks, bodies, networks or seeds; or its
            batch does not divide, its walks are none, or it needs an initialiser or a teacher.
    """
    if len(configs) < 2:
        raise InputError("Name two recipes or more.")
    for name, config in configs.items():
        try:
            refuse_uneven_batch(config.learner)
            refuse_no_walks(config, None)
            refuse_nobody_to_follow(config, given=False)
        except InputError as error:
            raise InputError(f"{name}: {error}") from None
        if config.initialiser.use:
            raise InputError(
                f"{name}: initialiser.use: no initialiser is learned here; compare recipes without."
            )
    (first, usual), *others = configs.items()
    for name, config in others:
        found = _differ(usual, config)
        if found:
            raise InputError(
                f"{name}: begins elsewhere than {first} ({found[0]}); compare recipes that differ "
                "in [ppo] and [shac] alone, with one seed."
            )


def _differ(one: TrainingConfig, other: TrainingConfig) -> list[str]:
    records = [{"config": c.model_dump(mode="json")} for c in (one, other)]
    found = differences(records[0], records[1], TrainingConfig)
    kept = [said for said in found if said.split()[0].split(".")[0] not in OWN]
    seeds = one.learner.seed, other.learner.seed
    return kept + ([f"seed was {seeds[0]} and is {seeds[1]}"] if seeds[0] != seeds[1] else [])


def race(
    configs: Mapping[str, TrainingConfig], weights: RefinerWeights, walks: Path, sizes: RaceSizes,
    tell: Tell,
) -> Iterator[Row]:  # fmt: skip
    """Rows of the recipes' curves, one recipe after the other.

    Args:
        configs: by name; they begin at the same place.
        weights: of the refiner whose references all of them follow.
        walks: folder for the walks; those that are there already are used.
        sizes: how long it goes.
        tell: gets a sentence now and then.
    """
    refuse_other_start(configs)
    common = next(iter(configs.values()))
    store = WalkStore(walks, common.tracking.body.skeleton, SILENT)
    tell("making walks ...")
    clips = refined_clips(policy_examples(common, None, store), weights, common)
    validation = validation_examples(common, store)
    for name, config in configs.items():
        tell(f"{name}: compiling, some minutes ...")
        began_s = time.process_time()
        algorithm = make_algorithm(config)
        run = algorithm.start(clips, jax.random.key(config.learner.seed))
        iterate = algorithm.iterate.lower(run, clips).compile()
        compiled_s = time.process_time() - began_s
        tell(f"{name}: compiled in {compiled_s:.0f} s of processor time")
        for row in curve(iterate, run, clips, sizes, _score(config, weights, validation)):
            yield {"recipe": name, "compile_s": compiled_s} | row


def _score(
    config: TrainingConfig, weights: RefinerWeights, validation: Sequence[FittedTrial]
) -> Score:
    def score(run: RunState) -> dict[str, float]:
        statistics = FixedStatistics(run.statistics.mean, run.statistics.std)
        policy = Policy(config, run.params, statistics, weights, {}, "", None)
        return {f"validation_{k}": v for k, v in validate(policy, validation).items()}

    return score


def curve(
    iterate: Any,
    run: RunState,
    clips: ClipBank,
    sizes: RaceSizes,
    score: Score,
    clock: Callable[[], float] = time.process_time,
) -> Iterator[Row]:
    """Rows of one training that goes on for as long as it may.

    Args:
        iterate: see `Algorithm`.
        run: before its first iteration.
        clips: to learn from.
        sizes: how long.
        score: of a run, at the start, at the end and in between.
        clock: seconds of processor time.
    """
    yield {"steps": 0, "processor_s": 0.0} | score(run)
    spent, due, scored, since = 0.0, sizes.seconds / ROWS, 1, []
    while spent < sizes.seconds:
        began_s = clock()
        run, measured = jax.block_until_ready(iterate(run, clips))
        spent += clock() - began_s
        since.append({name: float(value) for name, value in measured.items()})
        if spent < due:
            continue
        due = max(due + sizes.seconds / ROWS, spent)
        row: Row = {"steps": int(run.steps), "processor_s": spent}
        row |= {name: sum(r[name] for r in since) / len(since) for name in since[0]}
        since = []
        if spent >= scored * sizes.seconds / sizes.validations or spent >= sizes.seconds:
            row |= score(run)
            scored = math.floor(spent / (sizes.seconds / sizes.validations)) + 1
        yield row


def ends(rows: Sequence[Row]) -> list[tuple[Row, Row]]:
    """Each recipe's first and last row."""
    names = dict.fromkeys(row["recipe"] for row in rows)
    of = {name: [row for row in rows if row["recipe"] == name] for name in names}
    return [(mine[0], mine[-1]) for mine in of.values()]
