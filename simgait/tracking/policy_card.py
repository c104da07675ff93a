"""The card of a policy, card.json: facts about its weights and how they came about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from simgait.errors import InputError, first_problem
from simgait.text_files import read_facts


class PolicyCard(BaseModel):
    """What of a card is read again; more may stand there."""

    model_config = ConfigDict(extra="allow", strict=True)

    sha256: str = Field(description="of the weight files, see `policies.policy_hash`")
    name: str | None = None
    steps: int | None = Field(None, ge=0, description="environment steps")
    real_walks: int = Field(0, ge=0, description="among those it learned from")
    walkers: int | None = Field(None, ge=0, description="synthetic ones that it learned from")
    validation: dict[str, float] = Field({}, description="how it did on validation walkers")
    provenance: dict[str, Any] = {}


def read_card(path: Path) -> dict[str, Any]:
    """The facts of a card, those that are read again checked.

    Raises:
        InputError: the file is missing, no JSON object, or lacks a fact that every card has.
    """
    card = read_facts(path)
    try:
        PolicyCard.model_validate(card)
    except ValidationError as error:
        raise InputError(
            f"{path.parent.name}: {path.name} is no policy's card ({first_problem(error)}); fetch "
            "the folder again."
        ) from None
    return card
