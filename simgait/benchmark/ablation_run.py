"""Rows of the ablation trained, scored and written as tables, one folder for each row."""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jax

from simgait.benchmark import ablation_table
from simgait.benchmark.ablation_budgets import BUDGETS, Budget, within_budget
from simgait.benchmark.ablation_scores import score_policy, scored_walks, table_numbers
from simgait.benchmark.ablation_table import PAPER_ROWS, TABLES, RowTable
from simgait.datasets.synthetic_trials import Split
from simgait.errors import InputError
from simgait.files import make_output_folder, refuse_file, write_whole
from simgait.learning.bodies import checked_refiner
from simgait.learning.config import TrainingConfig
from simgait.learning.config_file import load_config, refuse_uneven_batch
from simgait.learning.run_examples import refuse_no_recordings
from simgait.learning.run_folder import PROVENANCE_FILE, complete
from simgait.learning.teacher_given import checked_teacher
from simgait.learning.training import run_training
from simgait.resources import resource_dir
from simgait.text_files import read_facts
from simgait.tracking.policies import DEFAULT_POLICY, load_policy

SEED_FOLDER = "seed-"
"""In a row's folder, before the seed: trainings by seeds beyond 0, which has the folder itself."""


@dataclass(frozen=True)
class AblationPlan:
    """What to train and score.

    Attributes:
        rows: names of the table's rows; None for all.
        budget: name of `BUDGETS`.
        out: folder of runs and tables; the budget has a folder of its own below it (and any table
            but the paper's has one above that).
        steps: environment steps, instead of the budget's.
        data_dir: real recordings to learn from too; None for synthetic walkers only.
        refiner: weights that all rows share.
        split: whose walkers score.
        walkers: how many, instead of the budget's.
        facts: written beside each row: command, date, commit, machine.
        seeds: trainings of each row, by the recipe's seeds 0, 1, ...
        table: name of `TABLES`.
        teacher: folder of the policy that rows follow at first whose recipe asks for one; None for
            the released one.
    """

    rows: tuple[str, ...] | None
    budget: str
    out: Path
    refiner: Path
    steps: int | None = None
    data_dir: Path | None = None
    split: Split = "validation"
    walkers: int | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    seeds: int = 1
    table: str = PAPER_ROWS.name
    teacher: Path | None = None


def ablate(plan: AblationPlan) -> None:
    """All rows asked for, and the table of all rows that the folder holds.

    Raises:
        InputError: there is no such table, row or budget, a folder holds a run with other
            settings, or `refuse_what_never_trains` says so.
    """
    if plan.table not in TABLES:
        raise InputError(f"There is no table {plan.table}; there are {', '.join(TABLES)}.")
    table = TABLES[plan.table]
    names = asked_rows(plan.rows, table)
    if plan.budget not in BUDGETS:
        raise InputError(f"There is no budget {plan.budget}; there are {', '.join(BUDGETS)}.")
    budget, home = BUDGETS[plan.budget], plan.out
    refuse_what_never_trains(names, plan)
    folder = (home if table is PAPER_ROWS else home / table.name) / plan.budget
    # Every row once before any a second time: a table that is stopped early compares all of them.
    for seed in range(plan.seeds):
        for name in names:
            do_row(name, budget, row_folder(folder, name, seed), plan, seed)
            # Compiled programs of rows that are done would use up the process's memory maps.
            jax.clear_caches()
            write_tables(folder, plan.budget, budget, plan.steps, table)


def refuse_what_never_trains(names: Sequence[str], plan: AblationPlan) -> None:
    """Refuses what no row could be trained with, before any has a folder.

    Raises:
        InputError: the output folder is a file, the recordings are none, the refiner is none or
            another body's, a recipe's batch does not divide, it cannot follow the teacher, or a
            teacher is named whom no row follows.
    """
    refuse_file(plan.out)
    refuse_no_recordings(plan.data_dir)
    followed = []
    for name in names:
        recipe = load_config(resource_dir("configs") / TABLES[plan.table].rows[name])
        config = within_budget(recipe, BUDGETS[plan.budget], plan.steps)
        refuse_uneven_batch(config.learner)
        checked_refiner(plan.refiner, recipe.tracking.body.skeleton)
        followed.append(checked_teacher(config, teacher_of_row(config, plan)))
    if plan.teacher is not None and not any(followed):
        raise InputError(
            f"--teacher {plan.teacher.absolute().name}: no row of {', '.join(names)} follows "
            "anybody; leave it out."
        )


def teacher_of_row(config: TrainingConfig, plan: AblationPlan) -> Path | None:
    """Whom a row follows at first; None where its recipe asks for nobody."""
    if not config.teacher.weight:
        return None
    return plan.teacher or resource_dir("policies") / DEFAULT_POLICY


def asked_rows(rows: Sequence[str] | None, table: RowTable) -> list[str]:
    """Names of a table's rows, each once; all of them where nobody asked.

    Raises:
        InputError: it has no such row, or none was named.
    """
    asked = table.rows if rows is None else (name.strip() for name in rows)
    names = [name for name in asked if name]
    unknown = [name for name in names if name not in table.rows]
    if unknown or not names:
        there_are = f"there are {', '.join(table.rows)}"
        for other in TABLES.values():
            if unknown and other.rows.keys() >= set(unknown):
                there_are += f" (of --table {other.name}: {', '.join(unknown)})"
        raise InputError(f"There is no row {', '.join(unknown)}; {there_are}.")
    return list(dict.fromkeys(names))


def row_folder(folder: Path, name: str, seed: int) -> Path:
    """Where a row's training by that seed is, in the folder of a budget."""
    return folder / name / f"{SEED_FOLDER}{seed}" if seed else folder / name


def do_row(name: str, budget: Budget, folder: Path, plan: AblationPlan, seed: int = 0) -> None:
    """One row by one seed: trained unless finished, scored unless scored on these walkers."""
    table = TABLES[plan.table]
    recipe = load_config(resource_dir("configs") / table.rows[name], seed=seed)
    said = f"{name}, seed {seed}" if plan.seeds > 1 else name
    config = within_budget(recipe, budget, plan.steps)
    config = config.model_copy(
        update={"data": config.data.model_copy(update={"use_real": plan.data_dir is not None})}
    )
    claim(folder, config)
    walkers = plan.walkers or budget.scored_walkers
    scored_on = {"split": plan.split, "walkers": walkers, "seconds": budget.scored_s}
    finished = folder / "row.json"
    earlier = read_facts(finished) if finished.is_file() else None
    if earlier is not None and earlier.get("scored_on") == scored_on:
        tell(f"{said}: finished before")
        return
    started = time.monotonic()
    if earlier is None:
        tell(f"{said}: training, {config.learner.total_steps:,} steps")
        run_training(
            config, folder / "run", data_dir=plan.data_dir, refiner=plan.refiner,
            teacher=teacher_of_row(config, plan),
        )  # fmt: skip
    wall_s = earlier["wall_s"] if earlier else time.monotonic() - started
    tell(f"{said}: scoring on {walkers} walkers of the {plan.split} split")
    policy = load_policy(folder / "run" / "policy")
    scores = score_policy(policy, scored_walks(config, plan.split, walkers, budget.scored_s))
    row = {
        "row": name,
        "recipe": table.rows[name],
        "seed": seed,
        "steps": config.learner.total_steps,
        "best_steps": policy.card["steps"],
        "wall_s": wall_s,
        "scored_on": scored_on,
        "scores": {str(first): finite(table_numbers(scored)) for first, scored in scores.items()},
        "policy_sha256": policy.sha256,
        "real_walks": policy.card.get("real_walks", 0),
        "config": config.model_dump(mode="json"),
    } | dict(plan.facts)
    if table is not PAPER_ROWS:
        row |= finite({"validation_score": policy.card["validation"]["score"]})
    if config.teacher.weight:
        row["teacher_sha256"] = read_facts(folder / "run" / PROVENANCE_FILE)["given"]["--teacher"]
    write_whole(finished, json.dumps(row, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def claim(folder: Path, config: TrainingConfig) -> None:
    """Makes the row's folder its own.

    Raises:
        InputError: it holds a run with another configuration.
    """
    make_output_folder(folder)
    recipe, text = folder / "config.json", config.model_dump_json(indent=1) + "\n"
    if not recipe.is_file():
        write_whole(recipe, text)
    elif complete(read_facts(recipe), TrainingConfig) != json.loads(text):
        raise InputError(
            f"{folder.name}: this folder holds a run with other settings (see config.json there); "
            "name another --out."
        )


def finite(numbers: Mapping[str, float]) -> dict[str, float | None]:
    """JSON has no NaN: what was not measured is null."""
    return {key: None if math.isnan(value) else value for key, value in numbers.items()}


def write_tables(
    folder: Path, name: str, budget: Budget, steps: int | None, table: RowTable
) -> None:
    """table.md, table.csv and table.json of the rows that are finished."""
    files = [
        one / "row.json"
        for row in table.rows
        for one in (folder / row, *sorted((folder / row).glob(f"{SEED_FOLDER}*"), key=_seed_of))
    ]
    rows: list[dict[str, Any]] = [read_facts(file) for file in files if file.is_file()]
    same = {json.dumps(row["scored_on"], sort_keys=True) for row in rows}
    limits = {key: value for key, value in budget.model_dump().items() if value is not None}
    if steps is not None:
        limits["steps"] = steps
    facts = ({} if table is PAPER_ROWS else {"table": table.name}) | {
        "budget": name,
        "limits": ", ".join(f"{key} {value}" for key, value in limits.items()),
        "scored on": "; ".join(sorted(same)) + (" (rows differ)" if len(same) > 1 else ""),
        "written": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    }
    markdown = ablation_table.as_markdown(rows, facts, table)
    write_whole(folder / "table.md", markdown)
    write_whole(folder / "table.csv", ablation_table.as_csv(rows, table))
    write_whole(folder / "table.json", ablation_table.as_json(rows, facts, table))
    print(markdown, flush=True)


def _seed_of(folder: Path) -> int:
    number = folder.name.removeprefix(SEED_FOLDER)
    return int(number) if number.isdecimal() else 0


def tell(text: str) -> None:
    """A line of progress."""
    print(f"{datetime.now(UTC):%H:%M:%S}  {text}", file=sys.stderr, flush=True)
