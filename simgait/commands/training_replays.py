"""Replays of a training's best policy: kept in its folder, shown on its page and at W&B."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simgait.learning.watched import Watched
    from simgait.report.training.replays import Replays

REPLAYS_FILE = "replays.json"
"""Of a training's folder: walks of its best policy, written whole with each new one."""
OF_VALIDATION = "validation_"


def replay_log(run: Path) -> Callable[[Watched], None]:
    """A function that keeps walks of a new best policy in a training's folder."""

    def watch(shown: Watched) -> None:
        from simgait.files import write_whole
        from simgait.report.training.replays import Replays, replayed

        walks = tuple(
            replayed(
                one.rollout, one.kind, cost_deg=one.cost_deg, angle_rmse_deg=one.angle_rmse_deg
            )
            for one in shown.walks
        )
        kept = asdict(Replays(shown.steps, shown.score, walks))
        write_whole(run / REPLAYS_FILE, json.dumps(kept, separators=(",", ":")) + "\n")

    return watch


def kept_replays(run: Path, steps: int) -> Replays | None:
    """Walks of the best policy of a training that is after so many steps.

    None where there are none, where the file is no such file, or where it is of a step that a
    training which was killed had reached and this one has not yet: it is written again then.
    """
    from pydantic import TypeAdapter, ValidationError

    from simgait.report.training.replays import Replays

    try:
        text = (run / REPLAYS_FILE).read_bytes()
        found = TypeAdapter(Replays).validate_json(text)
    except (OSError, ValidationError):
        return None
    return found if found.steps <= steps else None


def wandb_media(wandb: Any, run: Path, name: str, row: Mapping[str, float]) -> dict[str, Any]:
    """What W&B gets beside the numbers of a row: the validations as a table, and replays.

    Args:
        wandb: the package.
        run: the training's folder, whose log has the row already.
        name: of the recipe.
        row: of the log. Only that of a validation has a table, only a new best policy's replays.
    """
    from simgait.report.training.replays import replay_page

    names = ["steps", *(key for key in row if key.startswith(OF_VALIDATION))]
    if len(names) == 1:
        return {}
    media = {"validations": wandb.Table(columns=names, data=_validations(run, names))}
    steps = int(row["steps"])
    replays = kept_replays(run, steps)
    if replays is not None and replays.steps == steps:
        page = replay_page(name, replays)
        media["replays"] = wandb.Html(StringIO(page), inject=False)
    return media


def _validations(run: Path, names: list[str]) -> list[list[float]]:
    from simgait.learning.log_file import log_rows
    from simgait.learning.training import LOG_FILE

    rows = log_rows(run / LOG_FILE)
    return [[float(row[name]) for name in names] for row in rows if all(map(row.get, names))]
