"""The scores of a walk's joint angles against healthy people, as parameters of the catalogue."""

from __future__ import annotations

from simgait.findings import Basis
from simgait.parameters import plausible
from simgait.parameters.column import ClinicalChange, Display
from simgait.parameters.norms import Norm
from simgait.parameters.parameter import Parameter, Term
from simgait.parameters.units import DEGREE, POINTS

REFERENCE = Term(
    "score_reference",
    "Healthy people whose angles were made as this walk's were. Angles of another system have "
    "other offsets, which cost 20 points of GDI; every score names its reference.",
)
SCORED_CURVES = Term(
    "scored_curves",
    "Nine angles at 51 points of the cycle of their own side: pelvic tilt and obliquity, pelvic "
    "rotation and foot progression, hip flexion, adduction and rotation, knee flexion, ankle "
    "dorsiflexion. Pelvic rotation (hip axis) and foot progression (heel to toe, toes in +) are "
    "seen from above and counted from the direction of progression of the cycle.",
)
GDI_CHANGE_POINTS = ClinicalChange(5.0, 10.0)
"""Half an SD and one SD of healthy people (Schwartz & Rozumalski 2008 made 10 points one SD)."""
GPS_CHANGE_DEG = ClinicalChange(1.6, 3.2)
"""The least change that matters (Baker et al. 2012, Gait Posture 35:612-615), and twice that."""
LITTLE_ABOVE_POINTS = 110.0
"""One SD nearer to the mean than healthy people are: the logarithm stretches what lies there, and
nobody's gait is too normal."""
_RESTS_ON = frozenset((Basis.ANGLES, Basis.FEET))

SCORES: tuple[Parameter, ...] = (
    Parameter(
        quantity="gdi",
        unit=POINTS,
        label="Gait deviation index",
        definition=(
            "100 - 10 z, where z says by how many SD of healthy people the logarithm of the nine "
            "angles' distance from healthy people's mean, in the space of gait features, exceeds "
            "theirs (Schwartz & Rozumalski 2008)."
        ),
        terms=(REFERENCE, SCORED_CURVES),
        of_scores=lambda stride: stride.gdi_points,
        of_person=lambda person: 0.5 * (person.left.gdi_points + person.right.gdi_points),
        of_both="Mean of the left and the right side's.",
        rests_on=_RESTS_ON,
        display=Display(POINTS, decimals=0),
        norm=Norm(100.0, 10.0, "none", says_little_above=LITTLE_ABOVE_POINTS),
        plausible=plausible.GDI,
        clinical_change=GDI_CHANGE_POINTS,
        summary=("left", "right", "both"),
        on_first_sheet=True,
    ),
    Parameter(
        quantity="gps",
        unit=DEGREE,
        label="Gait profile score",
        definition=(
            "Root mean square of the nine Gait Variable Scores of a side, each the root mean "
            "square difference of an angle from healthy people's mean over the cycle (Baker et al. "
            "2009)."
        ),
        of_scores=lambda stride: stride.gps_deg,
        of_person=lambda person: person.overall_gps_deg,
        of_both=(
            "Root mean square of 15 Gait Variable Scores, nine of the left side and six of the "
            "right (the pelvis once), each the mean over the side's cycles."
        ),
        rests_on=_RESTS_ON,
        display=Display(DEGREE, decimals=1),
        plausible=plausible.GPS,
        clinical_change=GPS_CHANGE_DEG,
        matters=GPS_CHANGE_DEG.small,
        summary=("left", "right", "both"),
        on_first_sheet=True,
    ),
)
"""They need a reference, which a walk that another policy tracked has not."""
