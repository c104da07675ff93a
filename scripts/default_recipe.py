"""Writes configs/train_default.toml from the defaults in the code, with their descriptions."""

from __future__ import annotations

from simgait.learning.config import TrainingConfig
from simgait.learning.recipe_text import recipe_text
from simgait.resources import resource_dir

HEAD = """\
# The default recipe, with every setting. What a recipe leaves out keeps its default.
#   simgait train --config configs/train_default.toml -o runs/mine
# Written by scripts/default_recipe.py from the defaults in the code.
"""


if __name__ == "__main__":
    path = resource_dir("configs") / "train_default.toml"
    path.write_text(f"{HEAD}\n{recipe_text(TrainingConfig())}", encoding="utf-8")
