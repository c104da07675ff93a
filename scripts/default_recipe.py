"""Writes configs/train_default.toml from the defaults in the code, with their descriptions."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from simgait.learning.config import TrainingConfig
from simgait.resources import resource_dir

HEAD = """\
# The recipe of the released policy, with every setting. What a recipe leaves out keeps its default.
#   simgait train --config configs/train_default.toml -o runs/mine
# Written by scripts/default_recipe.py from the defaults in the code.
"""


def toml_value(value: Any) -> str:
    """A plain value as TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml_value, value))}]"
    if isinstance(value, int):
        return f"{value:_}" if value >= 10_000 else str(value)
    return repr(value)


def toml_table(model: BaseModel, place: str = "") -> str:
    """A model and the models in it as TOML tables, descriptions as comments."""
    title = (type(model).__doc__ or "").splitlines()[0]
    lines = [f"[{place}]  # {title}"] if place else []
    tables = []
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            tables.append(toml_table(value, f"{place}.{name}" if place else name))
        elif value is None:
            lines.append(f"# {name}: not set; {field.description}")
        else:
            text = f"{name} = {toml_value(value)}"
            lines.append(f"{text:<34}  # {field.description}" if field.description else text)
    return "\n".join(lines) + "\n" + "".join(f"\n{table}" for table in tables)


if __name__ == "__main__":
    path = resource_dir("configs") / "train_default.toml"
    path.write_text(f"{HEAD}\n{toml_table(TrainingConfig())}", encoding="utf-8")
