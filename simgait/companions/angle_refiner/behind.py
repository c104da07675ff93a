"""What tracked a walk whose angles are to be refined, and whether the network learned from it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simgait.companions.angle_refiner.weights import OWN, SIMULATED, NetworkCard
from simgait.errors import InputError
from simgait.parameters.tracked_verdict import PROVENANCE
from simgait.text_files import read_facts


@dataclass(frozen=True)
class Behind:
    """What stands behind a walk's angles.

    Attributes:
        policy_sha256: of the policy that tracked it; None where nobody says.
        measured: whether its points were measured, by markers; None where nobody says.
    """

    policy_sha256: str | None = None
    measured: bool | None = None


def behind_walk(path: Path) -> Behind:
    """Reads it from the provenance of the tracked walk whose folder this is, or holds this file.

    Raises:
        InputError: the folder's provenance is damaged.
    """
    folder = path if path.is_dir() else path.parent
    file = folder / PROVENANCE
    if not file.is_file():
        return Behind()
    facts = read_facts(file, f"{folder.resolve().name}/{PROVENANCE}")
    sha256 = _of(facts, "policy").get("sha256")
    measured = _of(facts, "input").get("measured")
    return Behind(
        sha256 if isinstance(sha256, str) else None,
        measured if isinstance(measured, bool) else None,
    )


def _of(facts: dict[str, Any], name: str) -> dict[str, Any]:
    found = facts.get(name)
    return found if isinstance(found, dict) else {}


def refuse_other_walks(name: str, network: NetworkCard, behind: Behind, where: str) -> None:
    """Refuses walks of another kind than the network learned from.

    Args:
        name: of the network.
        network: its card.
        behind: the walk's.
        where: the walk's name.

    Raises:
        InputError: markers, of which nothing was learned; or another policy's bodies, whose
            errors are others.
    """
    if behind.measured and name != OWN:
        raise InputError(
            f"{where}: its points were measured, and nothing was learned of such; the angles of a "
            "detector's points are refined."
        )
    if name == SIMULATED and network.policy_sha256 is None:
        raise InputError(
            f"{where}: the network {name} does not say which policy's angles it learned; train it "
            "again (simgait companion train angle-refiner)."
        )
    known = {network.policy_sha256, behind.policy_sha256} - {None}
    if len(known) > 1 and network.policy_sha256 is not None:
        raise InputError(
            f"{where}: policy {str(behind.policy_sha256)[:12]} tracked it, and the network {name} "
            f"learned the angles of policy {network.policy_sha256[:12]}, whose errors are others; "
            "use the walk's own angles, as its report has them."
        )


def unknown_notes(network: NetworkCard, behind: Behind) -> tuple[str, ...]:
    """What a reader has to know because the walk's files do not say it."""
    if network.policy_sha256 is None:
        return ()
    notes = []
    if behind.policy_sha256 is None:
        notes.append(
            f"the network learned the angles of policy {network.policy_sha256[:12]}, and nothing "
            "says which policy tracked this walk: of another one's it must not be used"
        )
    if behind.measured is None:
        notes.append(
            "nothing says whether this walk's points were a detector's: of markers it must not be "
            "used"
        )
    return tuple(notes)
