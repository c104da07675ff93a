"""Of which body something is that a training begins with, or goes on with: it must be the recipe's.

Bodies are the same where their names and their coordinates are: networks of another body may have
the same shapes.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from simgait.body.config import BodyConfig
from simgait.body.refiner import RefinerWeights
from simgait.errors import InputError
from simgait.learning.run_folder import PROVENANCE_FILE, RunFolder
from simgait.skeleton.skeleton import Skeleton
from simgait.skeleton.spec import load_skeleton
from simgait.text_files import read_facts
from simgait.tracking.policies import CONFIG_FILE, load_refiner

Body = Mapping[str, Any]
"""What a provenance says of a body: its name and the names of its coordinates."""


def body_facts(skeleton: Skeleton) -> dict[str, Any]:
    """What a provenance says of a body."""
    return {"name": skeleton.name, "coordinates": list(skeleton.pose_names)}


def body_of_record(record: Mapping[str, Any]) -> Body | None:
    """The body of a training by its provenance; None where nobody knows.

    One of before 29 November 2026 names the body's file alone, which says what it says today.
    """
    said = record.get("body")
    if isinstance(said, Mapping):
        return said
    found: Any = record.get("config")
    if not isinstance(found, Mapping):
        return None
    for name in ("tracking", "body", "model"):
        found = found.get(name) if isinstance(found, Mapping) else None
    usual = BodyConfig.model_fields["model"].default  # of a recipe that does not name its body
    try:
        return body_facts(load_skeleton(usual if found is None else str(found)))
    except InputError:
        return None


def refuse_another_body(what: str, was: Body | None, skeleton: Skeleton, advice: str) -> None:
    """Lets nothing of another body into a training.

    Args:
        what: it is, as the beginning of a sentence.
        was: its body; None where nobody knows, and then shapes have to tell.
        skeleton: the recipe's.
        advice: the end of the sentence.

    Raises:
        InputError: it is of another body; both are named.
    """
    now = body_facts(skeleton)
    if was is None or was == now:
        return
    other = f"of the body {was.get('name')}, the recipe's of {now['name']}"
    if was.get("name") == now["name"]:
        before, after = list(was.get("coordinates") or []), now["coordinates"]
        apart = [name for name in [*before, *after] if (name in before) != (name in after)]
        said = f"not both have {', '.join(apart)}" if apart else "their order differs"
        other = f"of a body {now['name']} with other coordinates than the recipe's ({said})"
    raise InputError(f"{what} is {other}; {advice}.")


def refuse_changed_body(run: RunFolder, skeleton: Skeleton) -> None:
    """Lets a training go on only with the body that it was begun with, whatever its file says now.

    Raises:
        InputError: the body has changed.
    """
    advice = "give the body's file back what it said, or begin anew in another folder"
    what = f"{run.path.name}: what was trained here"
    refuse_another_body(what, body_of_record(run.provenance), skeleton, advice)


def checked_refiner(path: Path, skeleton: Skeleton) -> RefinerWeights:
    """The weights of a trained refiner, of this body.

    The file holds no body. The policy, or the run, in whose folder it lies says it; of one that
    lies alone only the shapes are compared.

    Raises:
        InputError: the file is missing or damaged, or the refiner is another body's.
    """
    advice = "give a refiner that was trained with this body, or leave --refiner out"
    refuse_another_body(f"--refiner {path.name}: it", _body_beside(path), skeleton, advice)
    return load_refiner(path, skeleton)


def _body_beside(path: Path) -> Body | None:
    for name in (CONFIG_FILE, PROVENANCE_FILE):
        if not (path.parent / name).is_file():
            continue
        try:
            facts = read_facts(path.parent / name)
        except InputError:
            continue
        return body_of_record({"config": facts} if name == CONFIG_FILE else facts)
    return None
