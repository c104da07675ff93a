"""How tall the person is, and by what the recording's points are scaled to that height."""

from __future__ import annotations

from dataclasses import dataclass

from simgait.errors import InputError, UnknownHeightError
from simgait.limits import HEIGHT_M, check_height
from simgait.option_names import option
from simgait.recordings.same_visit import SAME_HEIGHT_M
from simgait.skeleton.dimensions import LEG_PER_HEIGHT
from simgait.trials.heading import scale_from_height
from simgait.types import Recording

LEAST_ESTIMATE_M = 0.8
"""Children walk from about 0.75 m on; adults of up to 2.03 m in inches, read as centimetres, are
0.80 m and less. Who is smaller has to be said."""
UNUSUAL_LEGS = 0.05
"""In 27 real recordings with a known height the legs were 2 % shorter than it implies, SD 4 %."""
LEGS_OF_PEOPLE = (0.36, 0.60)
"""Hip to ankle over height: 0.49 in most people. Achondroplasia shortens legs to about 0.38,
Marfan's syndrome lengthens them to about 0.55."""
FILMED_LEGS_M = 0.84
"""BlazePose gives everybody an adult's legs: .72 to .79 m to 22 rendered people of .87 to 1.78 m,
which `video.joints` makes 4 % longer. Of a walk that was filmed, a small scale means a small person
and no mistaken unit."""
SCALED_VISIBLY = 0.02
"""A scale nearer to 1 changes no number by what a clinician would notice."""


@dataclass(frozen=True)
class PersonSize:
    """Of the person of one recording.

    Attributes:
        height_m: as given, as the file says, or estimated from measured legs.
        scale: factor that gives the keypoints this size; 1 where they are measured.
        notes: one sentence each, where legs and height do not fit, or the height was estimated.
        height_is_estimated: nobody gave it.
    """

    height_m: float
    scale: float
    notes: tuple[str, ...]
    height_is_estimated: bool


def person_size(
    recording: Recording, leg_m: float, height_m: float | None, limits: tuple[float, float]
) -> PersonSize:
    """Height and scale of a recording's person.

    Args:
        recording: measured positions stay as they are, a detector's are scaled to the height.
        leg_m: length of the legs (m) as the recording has it.
        height_m: that was given; wins over the recording's own.
        limits: smallest and largest believable scale.

    Raises:
        InputError: the height is unknown or no person's, or the legs are not those of this height.
    """
    height, height_notes = choose_height(recording, leg_m, height_m)
    if recording.scale_is_metric:  # nothing is rescaled: the legs are those of this person
        of_people = sorted(LEG_PER_HEIGHT / share for share in LEGS_OF_PEOPLE)
        limits = max(limits[0], of_people[0]), min(limits[1], of_people[1])
    elif recording.is_lifted:
        limits = min(limits[0], LEG_PER_HEIGHT * HEIGHT_M.low / FILMED_LEGS_M), limits[1]
    implied = scale_from_height(leg_m, height, limits=limits, where=recording.recording_id)
    scale = 1.0 if recording.scale_is_metric else implied
    notes = (*height_notes, *scale_notes(recording, leg_m, height, implied))
    own_is_stated = recording.height_m is not None and not recording.height_is_estimated
    is_estimated = height_m is None and not own_is_stated
    return PersonSize(height, scale, notes, is_estimated)


def choose_height(
    recording: Recording, leg_m: float, height_m: float | None
) -> tuple[float, tuple[str, ...]]:
    """The height (m) to use and a note where it was estimated. Raises InputError if unknown."""
    where = recording.recording_id
    height = check_height(height_m if height_m is not None else recording.height_m, where)
    if height is not None:
        return height, ()
    if not recording.scale_is_metric:
        raise UnknownHeightError(
            f"{where}: the person's height is unknown; give it in metres with {option('height_m')}."
        )
    estimate = leg_m / LEG_PER_HEIGHT
    if HEIGHT_M.low <= estimate < LEAST_ESTIMATE_M:
        raise InputError(
            f"{where}: the legs measure {leg_m:.2f} m, as of a person of {estimate:.2f} m: check "
            f"the unit of the file, as an adult's inches read as centimetres are so; if the person "
            f"is so small, say so with {option('height_m')}."
        )
    if estimate not in HEIGHT_M:
        raise InputError(
            f"{where}: the legs measure {leg_m:.4g} m, which is no person's; "
            "check the unit of the file."
        )
    return estimate, (f"Height was not given: estimated as {estimate:.2f} m from the legs.",)


def scale_notes(
    recording: Recording, leg_m: float, height_m: float, implied: float
) -> tuple[str, ...]:
    """Says where legs and height do not fit, and which of them won.

    Args:
        recording: measured positions win, a detector's are scaled.
        leg_m: length of the legs as the recording has it.
        height_m: of the person.
        implied: factor that gives the legs the length that this height implies.
    """
    if recording.scale_is_metric and abs(implied - 1.0) > UNUSUAL_LEGS:
        usual_m = LEG_PER_HEIGHT * height_m
        return (
            f"The legs measure {leg_m:.2f} m, where {height_m:.2f} m of height have "
            f"{usual_m:.2f} m on average: the positions are measured and stay as they are.",
        )
    if not recording.scale_is_metric and abs(implied - 1.0) > SCALED_VISIBLY:
        # What was filmed by one camera is measured by nobody, and takes no such word.
        filmed = recording.camera is not None
        else_said = "" if filmed else "; if they were measured, say so (--positions measured)"
        return (
            f"All positions were scaled by {implied:.3f}, so that the legs are as long as "
            f"{height_m:.2f} m of height imply on average{else_said}.",
        )
    return ()


def height_notes(recording: Recording, height_m: float | None) -> tuple[str, ...]:
    """The sentence on a height (m) that is given for a recording whose file says another."""
    own = recording.height_m
    if height_m is None or own is None or abs(own - height_m) < SAME_HEIGHT_M:
        return ()
    return (f"Height: the {height_m:.2f} m given were used, though the file says {own:.2f} m.",)
