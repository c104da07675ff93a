"""Numbers that are withheld of a detector's points, on which they were measured to be wrong."""

from __future__ import annotations

from simgait.companions.openpose_gdi.networks import Kind
from simgait.companions.openpose_gdi.pairs import ASYMMETRY
from simgait.companions.openpose_gdi.targets import TARGETS
from simgait.companions.openpose_gdi.weights import OpenPoseCard

GDI, RELATIVE_SPEED = "gdi_points", "relative_speed"


def withheld_of(card: OpenPoseCard, kind: Kind, drawn_by: str) -> tuple[set[str], str]:
    """Which numbers are not said of a detector's points, and why, in one sentence without its stop.

    A number is withheld where its RMSE on such points is larger than the half-width of its 90 %
    interval: of an interval that holds it is six tenths. The asymmetry is withheld with the GDI.

    Args:
        card: of the weights.
        kind: of the network.
        drawn_by: keypoint set of the detector; of one that nobody measured nothing is withheld.
    """
    rmse, widths = card.rmse_by_detector.get(drawn_by, {}), card.half_widths[kind]
    lost = [key for key in TARGETS if rmse.get(key, 0.0) > widths[key]]
    told = ", ".join(
        f"{TARGETS[key].label} {rmse[key]:.3g} {TARGETS[key].unit} (interval ± {widths[key]:.2g})"
        for key in lost
    )
    why = (
        f"not said of points of {drawn_by}, as the RMSE on them is beyond the 90 % interval: {told}"
        "; take another detector's, or weights that learned from this one's"
    )
    also = {ASYMMETRY} if GDI in lost else set()
    return {*lost, *also}, why
