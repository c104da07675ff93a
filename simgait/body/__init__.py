"""The body fitted to a recording and simulated. Here JAX begins: it looks into dimensions."""

from dataclasses import fields

import jax

from simgait.skeleton.dimensions import Dimensions

jax.tree_util.register_dataclass(
    Dimensions, data_fields=[field.name for field in fields(Dimensions)], meta_fields=[]
)
