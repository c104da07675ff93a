"""Terms from outside the package: modules that a recipe names and that register them."""

from __future__ import annotations

import importlib

from simgait.errors import InputError
from simgait.tracking.config import TrackingConfig
from simgait.tracking.observation_terms import OBSERVATION_TERMS
from simgait.tracking.reward_terms import REWARD_TERMS


def import_plugins(config: TrackingConfig) -> None:
    """Imports the modules that register a config's own terms. Importing a module runs its code.

    Only for a config that the user wrote; what came with a policy is another's, see
    `tracking.policies.load_policy`.

    Raises:
        InputError: a module cannot be imported, or a term is still not registered.
    """
    for name in config.plugins:
        try:
            importlib.import_module(name)
        except Exception as error:
            raise InputError(
                f"tracking.plugins: the module {name} cannot be imported "
                f"({type(error).__name__}: {error}); install it, or put its folder in PYTHONPATH."
            ) from error
    check_terms(config)


def check_terms(config: TrackingConfig) -> None:
    """Refuses a config that names a term which nobody registered.

    Raises:
        InputError: it does.
    """
    for name in config.observation.terms:
        OBSERVATION_TERMS[name]
    for term in config.reward.terms:
        REWARD_TERMS[term.name]


def unknown_terms(config: TrackingConfig) -> list[str]:
    """Names of a config's terms that nobody registered."""
    unknown = [name for name in config.observation.terms if name not in OBSERVATION_TERMS]
    return unknown + [t.name for t in config.reward.terms if t.name not in REWARD_TERMS]


def has_own_terms(config: TrackingConfig) -> bool:
    """Whether a term of the config is code from outside the package."""
    modules = [OBSERVATION_TERMS[name].function.__module__ for name in config.observation.terms]
    modules += [REWARD_TERMS[term.name].function.__module__ for term in config.reward.terms]
    return any(name.partition(".")[0] != __package__.partition(".")[0] for name in modules)
