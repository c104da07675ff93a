"""The page of trained refiners, for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simgait.companions.angle_refiner.curves import ANGLES
from simgait.companions.angle_refiner.evaluation import CMC_NOTE, LABELS, left_out_note
from simgait.companions.angle_refiner.renewal import trained_words
from simgait.estimators.judged import Judged, table

PAGE = """# Model card: {name}

A companion, not the tracker: a BiLSTM fused with linear regression, which refines joint angles of a
markerless system to those of markers (J Med Biomech 2022, 37:E733-E740), re-implemented from its
abstract. No code and no weights of the authors were used. What it does: `docs/companions.md`.

| | |
|---|---|
| weights | SHA-256 `{sha256}` |
| learned from | {learned_from} |
| networks | {networks} |
| tracker | {tracker} |
| trained | {trained} |
| people | their marks are in `card.json` |

## Each person left out once
{left_out}

{table}

RMSE and bias in degrees, over all points of the curves ("pairs" counts curves); slope of the
estimate on the truth; inside: points of the truth within the 90 % interval. {cmc}

**{whose}**

## Half-widths of the 90 % intervals, degrees
{widths}

By the errors on people left out, people as units. They hold for people and systems like those
learned from.

## Limits
- A network refines the angles of its own system, and no other's.
- Errors that differ from recording to recording, as those of a camera that stands elsewhere, stay.
- Not a medical device.
"""
OTHERS = (
    "Simulated errors of detectors, unless the table was a user's own: how well the method refines "
    "what it was made for, not its accuracy on people."
)


def readme(card: Mapping[str, Any]) -> str:
    """The page of a card."""
    rows = [Judged.of(row) for row in card["evaluation"]]
    networks = card["networks"]
    return PAGE.format(
        name=card["name"],
        sha256=card["sha256"],
        learned_from=card["learned_from"],
        networks="; ".join(
            f"{name}: {one['label']}, {len(one['people'])} people, {card['curves'][name]} curves"
            for name, one in networks.items()
        ),
        tracker=_tracker(networks),
        trained=_trained(card),
        left_out=left_out_note(card["left_out"]),
        table=table(rows),
        cmc=CMC_NOTE,
        whose=OTHERS,
        widths="\n".join(_widths(networks)),
    )


def _trained(card: Mapping[str, Any]) -> str:
    """When the networks were trained; those of one training together."""
    of: dict[str, list[str]] = {}
    for name, one in card["networks"].items():
        of.setdefault(one.get("trained") or trained_words(card), []).append(name)
    if len(of) == 1:
        return next(iter(of))
    return "; ".join(f"{', '.join(names)}: {words}" for words, names in of.items())


def _tracker(networks: Mapping[str, Any]) -> str:
    """The policies behind the networks of simulated bodies."""
    told = [
        f"{name}: SHA-256 `{one['policy_sha256']}` of the policy, and no other's walks"
        for name, one in networks.items()
        if one.get("policy_sha256")
    ]
    return "; ".join(told) or "no policy has a part"


def _widths(networks: Mapping[str, Any]) -> list[str]:
    lines = [f"| angle | {' | '.join(networks)} |", f"|---|{'---|' * len(networks)}"]
    for angle in ANGLES:
        own = [one["half_widths_deg"].get(angle) for one in networks.values()]
        cells = ["–" if width is None else f"± {width:.1f}" for width in own]
        lines.append(f"| {LABELS[angle]} | {' | '.join(cells)} |")
    return lines
