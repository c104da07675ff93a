"""A recipe as the text of its file, every setting with what it means."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from pydantic import BaseModel

from simgait.learning.config import TrainingConfig
from simgait.learning.seeds import USUAL


def toml_value(value: Any) -> str:
    """A plain value as TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, BaseModel):
        given = value.model_dump(exclude_none=True).items()
        return f"{{ {', '.join(f'{name} = {toml_value(one)}' for name, one in given)} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml_value, value))}]"
    if isinstance(value, int):
        return f"{value:_}" if value >= 10_000 else str(value)
    return repr(value)


def toml_table(model: BaseModel, place: str = "", unsaid: Collection[str] = ()) -> str:
    """A model and the models in it as TOML tables, descriptions as comments.

    Settings in `unsaid` (dotted names) are comments too, with the value that they come to have.
    """
    title = (type(model).__doc__ or "").splitlines()[0]
    lines = [f"[{place}]  # {title}"] if place else []
    tables = []
    for own_name, field in type(model).model_fields.items():
        value, name = getattr(model, own_name), field.alias or own_name
        where = f"{place}.{name}" if place else name
        if isinstance(value, BaseModel):
            tables.append(toml_table(value, where, unsaid))
        elif value is None:
            lines.append(f"# {name}: not set; {field.description}")
        else:
            text = f"{'# ' * (where in unsaid)}{name} = {toml_value(value)}"
            lines.append(f"{text:<34}  # {field.description}" if field.description else text)
    return "\n".join(lines) + "\n" + "".join(f"\n{table}" for table in tables)


def recipe_text(config: TrainingConfig) -> str:
    """A training recipe; seeds that follow from its own are comments, and go on following it."""
    follow = {f"{table}.seed" for table in USUAL} - config.own_seeds.keys()
    return toml_table(config, unsaid=follow)
