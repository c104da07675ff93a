"""How the networks and their rivals do on synthetic people unseen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from jaxtyping import Float

from simgait.companions.openpose_gdi.change import FIRST_CHANGED, judged_change, two_visits
from simgait.companions.openpose_gdi.filmed_walkers import LabelledWindows, synthetic_windows
from simgait.companions.openpose_gdi.networks import KINDS
from simgait.companions.openpose_gdi.pairs import (
    ASYMMETRY_LABEL,
    SPEED,
    Pairs,
    pairs_of,
    speed_pairs_mps,
)
from simgait.companions.openpose_gdi.targets import TARGETS
from simgait.companions.openpose_gdi.weights import (
    OpenPoseCard,
    TrainedNetworks,
    load_networks,
    predict,
    released_folder,
)
from simgait.estimators.companion import Evaluation
from simgait.estimators.judged import FEWEST_PAIRS, Judged, judge
from simgait.estimators.rivals import summary_features
from simgait.synthetic.people.in_picture import VIEWS

FIRST_JUDGED = 30_000
"""Of the test walkers: the scorecard's and the benchmark's lie before."""
UNSEEN_FAMILIES = ("metrabs-17-v1",)
"""Errors that nothing was trained through."""
CAMERAS = 3
"""Chosen: of each walk, from different views."""
NAMES = {"cnn": "CNN (Kidzinski 2020)", "lstm": "LSTM", "cnn-lstm": "CNN-LSTM"}
SYNTHETIC = (
    "Synthetic people whom nothing was learned from, seen through simulated errors of 2D "
    "detectors: how well the method reads what it was made for, not its accuracy on people."
)


def estimates_of(
    trained: TrainedNetworks, windows: LabelledWindows
) -> dict[str, Float[np.ndarray, "W 4"]]:
    """What the networks and their rivals say of windows, by name."""
    mean = np.broadcast_to(trained.standard.target_mean, windows.targets.shape)
    said = {NAMES[kind]: predict(trained, kind, windows.columns) for kind in KINDS}
    features = summary_features(windows.columns)
    rivals = {} if trained.forest is None else {"random forest": trained.forest(features)}
    rivals |= {"ridge": np.asarray(trained.ridge(features))}
    return said | rivals | {"mean of the training people": np.array(mean)}


def judged_rows(
    windows: LabelledWindows,
    estimates: Mapping[str, Float[np.ndarray, "W 4"]],
    half_widths: Mapping[str, Mapping[str, float]],
    suffix: str = "",
) -> list[Judged]:
    """Each estimator on each quantity; the released networks with their intervals' coverage."""
    kinds = {name: kind for kind, name in NAMES.items()}
    rows: list[Judged] = []
    for name, said in estimates.items():
        reach = half_widths.get(kinds.get(name, ""), {})
        pairs = pairs_of(windows, said)
        relative = tuple(TARGETS)[SPEED]
        for key, one in pairs.items():
            target = TARGETS.get(key)
            label = f"{ASYMMETRY_LABEL if target is None else target.label}{suffix}"
            unit = "points" if target is None else target.unit
            if key == relative:
                label = f"relative speed{suffix}"
                rows.append(_judged(name, f"speed{suffix}", "m/s", speed_pairs_mps(windows, one)))
            rows.append(_judged(name, label, unit, one, reach.get(key, np.nan)))
    return rows


def _judged(
    name: str, label: str, unit: str, pairs: Pairs, half_width: float = float("nan")
) -> Judged:
    return judge(name, label, unit, pairs.truth, pairs.estimate, pairs.people, half_width)


def evaluate(
    people: int, folder: Path | None = None, say: Callable[[str], None] = lambda line: None
) -> Evaluation:
    """Judges networks on test walkers, in the families of their training and in another.

    Args:
        people: how many test walkers.
        folder: of the weights; None takes the released ones.
        say: told how far it is.

    Raises:
        InputError: the weights are missing or damaged.
        SplitError: somebody was learned from.
    """
    trained, card = load_networks(folder or released_folder())
    rows: list[Judged] = []
    for families, suffix in ((card.families, ""), (list(UNSEEN_FAMILIES), ", unseen detector")):
        windows = unseen_windows(trained, card, people, families, say)
        rows += judged_rows(windows, estimates_of(trained, windows), card.half_widths, suffix)
        if not suffix:
            rows += _by_view(trained, card, windows)
    rows += _of_two_visits(trained, card, people, say)
    notes = (
        f"GDI against {trained.reference.name}.",
        "change: of other walkers between two visits, with any share of their pattern left",
    )
    return Evaluation(SYNTHETIC, tuple(rows), notes)


def _of_two_visits(
    trained: TrainedNetworks, card: OpenPoseCard, people: int, say: Callable[[str], None]
) -> list[Judged]:
    """The change between two visits, as the released network and its rivals say it.

    Raises:
        SplitError: one of the walkers was learned from.
    """
    visits = two_visits(
        FIRST_CHANGED, people, trained.reference, card.families,
        lambda done: say(f"{done} of {people} test walkers on two days"),
    )  # fmt: skip
    card.people.refuse_known(visits.before.people)
    kind = next(one for one in KINDS if one == card.released)
    earlier, later = (estimates_of(trained, part) for part in (visits.before, visits.after))
    names = [NAMES[kind], *(name for name in earlier if name not in NAMES.values())]
    said = {name: (earlier[name], later[name]) for name in names}
    return judged_change(visits, said, card.half_widths[kind], NAMES[kind])


def unseen_windows(
    trained: TrainedNetworks,
    card: OpenPoseCard,
    people: int,
    families: list[str],
    say: Callable[[str], None],
) -> LabelledWindows:
    """Test walkers through detector families.

    Raises:
        SplitError: one of them was learned from.
    """
    windows = synthetic_windows(
        "test", FIRST_JUDGED, people, trained.reference, families, CAMERAS,
        lambda done: say(f"{done} of {people} test walkers seen through {', '.join(families)}"),
    )  # fmt: skip
    card.people.refuse_known(windows.people)
    return windows


def _by_view(
    trained: TrainedNetworks, card: OpenPoseCard, windows: LabelledWindows
) -> list[Judged]:
    """GDI of the released network by the camera's view, where enough were drawn."""
    kind = next(one for one in KINDS if one == card.released)
    pairs = pairs_of(windows, predict(trained, kind, windows.columns))["gdi_points"]
    rows = []
    for number, view in enumerate(VIEWS):
        own = np.flatnonzero(pairs.view == number)
        if len(own) < FEWEST_PAIRS:
            continue
        part = Pairs(
            pairs.truth[own], pairs.estimate[own], tuple(pairs.people[i] for i in own),
            pairs.view[own],
        )  # fmt: skip
        rows.append(_judged(NAMES[kind], f"GDI, camera {view.replace('_', ' ')}", "points", part))
    return rows
