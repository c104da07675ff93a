"""The body fitted to a recording and simulated. Here JAX begins: it looks into dimensions."""

from simgait.pytrees import register_parts
from simgait.skeleton.dimensions import Dimensions

register_parts(Dimensions)
