"""What thresholds recorded people get, and how a laboratory's own people fare by them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from simgait.companions.gengait.blend import shares_put_right
from simgait.companions.gengait.calibration import people_factor
from simgait.companions.gengait.curves import departure_deg, mean_curves_deg
from simgait.companions.gengait.data import PersonsWalk
from simgait.companions.gengait.joints import JOINTS
from simgait.companions.gengait.kept_walks import TrainingWalks
from simgait.companions.gengait.opinion import badness_of
from simgait.companions.gengait.passes import put_right
from simgait.companions.gengait.weights import TrainedGenGait
from simgait.estimators.companion import MeasureTable
from simgait.estimators.judged import cell

OWN_TITLE = (
    "Normal people of the laboratory's own whom nothing was learned from, and who set no threshold"
)


def factor_of(trained: TrainedGenGait, walks: TrainingWalks) -> list[float]:
    """Of the thresholds, for recorded people.

    By a laboratory's own people whom nothing was learned from; without such by the recorded ones
    learned from, as there are no others.
    """
    chosen = walks.recorded if walks.own is None else walks.own.thresholds
    if not chosen:
        return [1.0] * len(JOINTS)
    return people_factor(_badness(trained, chosen), [one.person for one in chosen])


def own_table(
    trained: TrainedGenGait, walks: TrainingWalks, factor: Sequence[float]
) -> tuple[MeasureTable, ...]:
    """A laboratory's own people who judge: how often they are called wrong, and changed."""
    if walks.own is None:
        return ()
    chosen = walks.own.judged
    badness = _badness(trained, chosen)
    people = np.array([one.person for one in chosen])
    rows = []
    for name, wide in (("the laboratory's own", np.array(factor)), ("walkers'", np.ones(7))):
        found = badness / wide
        wrong = (found > 1.0).any(axis=1)
        called = [bool(wrong[people == who].any()) for who in dict.fromkeys(people.tolist())]
        changed = [
            _changed_deg(trained, one, row) for one, row in zip(chosen, found, strict=True)
        ]  # fmt: skip
        rows.append((
            name, f"{len(called)}", f"{sum(called)}", f"{len(chosen)}", f"{int(wrong.sum())}",
            cell(float(np.nanmean(changed))),
        ))  # fmt: skip
    header = (
        "thresholds", "people", "with a joint called wrong", "walks", "with such a joint",
        "twin changed, °",
    )  # fmt: skip
    return (MeasureTable(OWN_TITLE, header, tuple(rows)),)


def remarks_of(
    walks: TrainingWalks, factor: Sequence[float], own: Sequence[MeasureTable]
) -> list[str]:
    """What was measured of a laboratory's own people, said with every walk."""
    if walks.own is None:
        return []
    by_own, by_walkers = (row for table in own for row in table.rows)
    count = len({one.person for one in walks.own.thresholds})
    return [
        f"where somebody was recorded, thresholds are {min(factor):.1f} to {max(factor):.1f} times "
        f"those of walkers, by {count} of the laboratory's own people whom nothing was learned "
        f"from. Of {by_own[1]} others {by_own[2]} have a joint called wrong ({by_walkers[2]} with "
        "the walkers' thresholds)"
    ]


def _badness(
    trained: TrainedGenGait, walks: Sequence[PersonsWalk]
) -> Float[np.ndarray, "W 7"]:  # fmt: skip
    return np.stack([badness_of(trained, one.walk, "exact") for one in walks])


def _changed_deg(
    trained: TrainedGenGait, one: PersonsWalk, badness: Float[np.ndarray, " 7"]
) -> float:
    """Mean over the joints that are seen of how far the twin is from the walk."""
    shares = dict(zip(JOINTS, shares_put_right(badness), strict=True))
    twin = put_right(trained.network, one.walk, shares)
    departs = departure_deg(mean_curves_deg(one.walk), mean_curves_deg(one.walk, twin))
    return float(np.nanmean(departs))
