"""The page of a trained GenGait, for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simgait.companions.gengait.bands import BandOf
from simgait.estimators.judged import Judged, markdown, table

PAGE = """# Model card: {name}

A companion, not the tracker: a masked autoencoder after GenGait (2026), re-implemented from its
description; no code, weights or data of the authors were used. It learned normal walks and nothing
else, says which joints of a walk are not as it expects, and how the walk would be with them put
right (the normative twin). What it does, and where it differs from the paper: `docs/companions.md`.

| | |
|---|---|
| weights | SHA-256 `{sha256}`; {parameters:,} parameters |
| learned from | {learned_from} |
| windows | {windows} of seven frames around the gait cycle |
| trained | {date}, simgait commit `{commit}`, {machine} |
| steps | {steps:,} in {minutes:.0f} minutes after the walks were made |
| bands (± 2 SD) of | {bands} |
| people apart | {n_train} learned from, {n_calibration} set the thresholds (marks in `card.json`) |

## Judged on people unseen
{title}

{measures}

{table}

RMSE and bias in degrees; slope of the estimate on the truth (1: well calibrated).
{notes}

## Limits
- **Every number above is from our own generator**: synthetic walkers, their patterns, their own
  normal walks{but_own}. It is no accuracy on patients.
{remarks}- It judges the shape of each leg's cycle in its own normalised time: what is only early
  or late it does not see. Rotations of legs and feet, arms and trunk it does not judge.
- A wrong joint beside a compensating one: it says which joints are unlike normal walking at that
  speed, not which of them is the cause.
- Not a medical device.
{credits}"""
CREDITS = """
The CMU data used here was obtained from mocap.cs.cmu.edu; that database was created with funding
from NSF EIA-0196217. The McGill recordings are the McGill Motion Lab sample study (MIT licence).
"""
BUT_OWN = " (but that of the laboratory's own people)"


def readme(card: Mapping[str, Any]) -> str:
    """The page of a card; its tables are empty until the network is judged."""
    rows = [Judged.of(row) for row in card.get("evaluation", ())]
    measures = [
        f"{one['title']}:\n\n{markdown(one['header'], one['rows'])}"
        for one in card.get("measures", ())
    ]
    is_own = "own" in card
    return PAGE.format(
        but_own=BUT_OWN if is_own else "",
        credits="" if is_own else CREDITS,
        name=card["name"],
        sha256=card["sha256"],
        parameters=card["parameters"],
        learned_from=card["learned_from"],
        windows=f"{card['windows']:,}",
        date=card["date"],
        commit=card["provenance"]["commit"],
        machine=card["machine"],
        steps=card["steps"],
        minutes=card["training_minutes"],
        bands=", ".join(
            f"{one.people} {one.words}" for one in map(BandOf.model_validate, card["bands"])
        )
        or "nobody, as too few are so tall",
        n_train=f"{len(card['people']['train']):,}",
        n_calibration=len(card["people"]["calibration"]),
        title=card.get("judged_on", ""),
        measures="\n\n".join(measures),
        table=table(rows),
        notes="\n".join(f"- {note}" for note in card.get("notes", ())),
        remarks="".join(f"- **{remark}**\n" for remark in card.get("remarks", ())),
    )
