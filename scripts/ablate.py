"""Trains rows of the paper's Table I at one budget, scores them, writes the table.

    python scripts/ablate.py --rows base,simgait --budget cpu-small --out runs/ablation

A row that is finished is not trained again, a stopped one goes on where it was.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jax

from simgait.benchmark import ablation_scores, ablation_table
from simgait.benchmark.ablation_budgets import BUDGETS, ROWS, Budget, within_budget
from simgait.errors import InputError
from simgait.files import write_whole
from simgait.jax_setup import configure_jax
from simgait.learning.checkpoints import load_policy
from simgait.learning.config import TrainingConfig
from simgait.learning.config_file import load_config
from simgait.learning.training import run_training
from simgait.provenance import git_commit
from simgait.resources import resource_dir

ROOT = Path(__file__).resolve().parents[1]


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description="Trains and scores rows of the paper's Table I at one budget.",
        epilog=f"rows: {', '.join(ROWS)}. Budgets: {', '.join(BUDGETS)}. See docs/ablation.md.",
    )
    parser.add_argument("--rows", default=",".join(ROWS), help="names with commas; default: all")
    parser.add_argument("--budget", default="cpu-small", choices=list(BUDGETS))
    parser.add_argument("--out", type=Path, required=True, help="folder of runs and tables")
    parser.add_argument("--steps", type=int, help="environment steps, instead of the budget's")
    parser.add_argument(
        "--data", type=Path, help="real recordings to learn from too; default: synthetic only"
    )
    parser.add_argument(
        "--refiner",
        type=Path,
        default=resource_dir("policies") / "default" / "refiner.safetensors",
        help="weights of the refiner that all rows share; default: the released policy's",
    )
    parser.add_argument(
        "--split",
        default="validation",
        choices=("validation", "test"),
        help="walkers that score; the test's only for a table that chooses nothing",
    )
    parser.add_argument("--walkers", type=int, help="how many, instead of the budget's")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Train, score, write; after every row, so that a stopped night leaves its table."""
    options = parse(arguments)
    configure_jax()
    try:
        ablate(options)
    except InputError as error:
        print(str(error), file=sys.stderr)
        return 1
    return 0


def ablate(options: argparse.Namespace) -> None:
    """All rows asked for, and the table of all rows that the folder holds."""
    names = [name.strip() for name in options.rows.split(",") if name.strip()]
    unknown = [name for name in names if name not in ROWS]
    if unknown or not names:
        raise InputError(f"There is no row {', '.join(unknown)}; there are {', '.join(ROWS)}.")
    for option in ("steps", "walkers"):
        value = getattr(options, option)
        if value is not None and value < 1:
            raise InputError(f"--{option} is {value}; give 1 or more.")
    if options.data is not None and not options.data.is_dir():
        raise InputError(f"{options.data.name}: there is no such folder; check --data.")
    if not options.refiner.is_file():
        raise InputError(f"{options.refiner.name}: there are no such weights; check --refiner.")
    budget = BUDGETS[options.budget]
    folder = options.out / options.budget
    for name in names:
        do_row(name, budget, folder / name, options)
        # Compiled programs of rows that are done would use up the process's memory maps.
        jax.clear_caches()
        write_tables(folder, options.budget, budget, options.steps)


def do_row(name: str, budget: Budget, folder: Path, options: argparse.Namespace) -> None:
    """One row: trained unless finished, scored unless scored on these walkers."""
    recipe = load_config(resource_dir("configs") / ROWS[name])
    config = within_budget(recipe, budget, options.steps)
    config = config.model_copy(
        update={"data": config.data.model_copy(update={"use_real": options.data is not None})}
    )
    claim(folder, config)
    walkers = options.walkers or budget.scored_walkers
    scored_on = {"split": options.split, "walkers": walkers, "seconds": budget.scored_s}
    finished = folder / "row.json"
    earlier = json.loads(finished.read_text(encoding="utf-8")) if finished.is_file() else None
    if earlier is not None and earlier["scored_on"] == scored_on:
        tell(f"{name}: finished before")
        return
    started = time.monotonic()
    if earlier is None:
        tell(f"{name}: training, {config.ppo.total_steps:,} steps")
        run_training(config, folder / "run", data_dir=options.data, refiner=options.refiner)
    wall_s = earlier["wall_s"] if earlier else time.monotonic() - started
    tell(f"{name}: scoring on {walkers} walkers of the {options.split} split")
    policy = load_policy(folder / "run" / "policy")
    walks = ablation_scores.scored_walks(config, options.split, walkers, budget.scored_s)
    scores = ablation_scores.score_policy(policy, walks)
    row = {
        "row": name,
        "recipe": ROWS[name],
        "steps": config.ppo.total_steps,
        "best_steps": policy.card["steps"],
        "wall_s": wall_s,
        "scored_on": scored_on,
        "scores": {
            str(first): finite(ablation_scores.table_numbers(s)) for first, s in scores.items()
        },
        "policy_sha256": policy.sha256,
        "real_walks": policy.card.get("real_walks", 0),
        "config": config.model_dump(mode="json"),
    } | run_facts()
    write_whole(finished, json.dumps(row, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def claim(folder: Path, config: TrainingConfig) -> None:
    """Makes the row's folder its own; a folder that holds another configuration is refused."""
    folder.mkdir(parents=True, exist_ok=True)
    recipe, text = folder / "config.json", config.model_dump_json(indent=1) + "\n"
    if not recipe.is_file():
        write_whole(recipe, text)
    elif recipe.read_text(encoding="utf-8") != text:
        raise InputError(
            f"{folder.name}: this folder holds a run with other settings (see config.json there); "
            "name another --out."
        )


def run_facts() -> dict[str, Any]:
    """Command, date, commit and machine; no folder and no machine by name."""
    words = [Path(word).name if "/" in word else word for word in sys.argv[1:]]
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count()
    return {
        "command": " ".join(["python scripts/ablate.py", *words]),
        "date_utc": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": git_commit(ROOT),
        "machine": f"{platform.system()} {platform.machine()}, {cores} CPU cores, "
        f"load {os.getloadavg()[0]:.1f}",
    }


def finite(numbers: dict[str, float]) -> dict[str, float | None]:
    """JSON has no NaN: what was not measured is null."""
    return {key: value if value == value else None for key, value in numbers.items()}


def write_tables(folder: Path, name: str, budget: Budget, steps: int | None) -> None:
    """table.md, table.csv and table.json of the rows that are finished."""
    files = [folder / row / "row.json" for row in ROWS]
    rows = [json.loads(f.read_text(encoding="utf-8")) for f in files if f.is_file()]
    same = {json.dumps(row["scored_on"], sort_keys=True) for row in rows}
    limits = {key: value for key, value in budget.model_dump().items() if value is not None}
    if steps is not None:
        limits["steps"] = steps
    facts = {
        "budget": name,
        "limits": ", ".join(f"{key} {value}" for key, value in limits.items()),
        "scored on": "; ".join(sorted(same)) + (" (rows differ)" if len(same) > 1 else ""),
        "written": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    }
    markdown = ablation_table.as_markdown(rows, facts)
    write_whole(folder / "table.md", markdown)
    write_whole(folder / "table.csv", ablation_table.as_csv(rows))
    write_whole(folder / "table.json", ablation_table.as_json(rows, facts))
    print(markdown, flush=True)


def tell(text: str) -> None:
    """A line of progress."""
    print(f"{datetime.now(UTC):%H:%M:%S}  {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
