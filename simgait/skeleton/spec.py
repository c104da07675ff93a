"""Reads a body's spec file: what its MuJoCo XML leaves open, said once for both sides.

`envs/trimmed_humanoid.toml` is one and explains itself; the XML of the same name lies beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from simgait.errors import InputError, first_problem
from simgait.resources import resource_dir
from simgait.skeleton.coordinates import Coordinate
from simgait.skeleton.dimensions import Dimensions
from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.skeleton.lengths import Length, Place
from simgait.skeleton.sides import SIDES, Side
from simgait.skeleton.skeleton import (
    PELVIS,
    Capsule,
    Inertia,
    Joint,
    Segment,
    Site,
    Skeleton,
    Sphere,
)
from simgait.text_files import read_toml

MASS_TOLERANCE = 0.005
"""Shares of body mass are published to three decimals."""
_DIMENSIONS = tuple(Dimensions.__dataclass_fields__)


def _known_dimension(name: str) -> str:
    if name not in _DIMENSIONS:
        raise ValueError(f"{name!r} is none of a person's dimensions ({', '.join(_DIMENSIONS)})")
    return name


DimensionName = Annotated[str, AfterValidator(_known_dimension)]
Term = tuple[float, DimensionName]
LengthSpec = Term | tuple[Term, ...]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class PlaceSpec(_Table):
    """x forward, y left, z up from the segment's proximal joint, of the left side's segment."""

    x: LengthSpec = ()
    y: LengthSpec = ()
    z: LengthSpec = ()


class InertiaSpec(_Table):
    """Mass as a share of the body's, radii of gyration in lengths `of`."""

    mass: float = Field(gt=0, lt=1)
    com: PlaceSpec = PlaceSpec()
    gyration: tuple[float, float, float]
    of: DimensionName


class CapsuleSpec(_Table):
    """What the segment looks like."""

    geom: str
    start: PlaceSpec = Field(PlaceSpec(), alias="from")
    end: PlaceSpec = Field(alias="to")
    radius: LengthSpec


class SiteSpec(_Table):
    """A keypoint of `keypoints.KEYPOINT_NAMES`, without its side in a limb."""

    keypoint: str
    at: PlaceSpec = PlaceSpec()
    fit_weight: float = Field(1.0, gt=0, le=1)


class SphereSpec(_Table):
    """A contact sphere of a foot."""

    name: str
    at: PlaceSpec
    radius: LengthSpec


class JointSpec(_Table):
    """A hinge about an axis of the left side's segment; see `coordinates.Coordinate`."""

    name: str
    positive: str
    axis: Literal["+x", "-x", "+y", "-y", "+z", "-z"]
    opensim: str
    range_deg: tuple[float, float]
    usual_deg: float = 0.0
    prior_m_per_rad: float = Field(0.01, gt=0)
    shown_by: tuple[str, ...] = ()
    stiffness_nm_per_rad: float = Field(gt=0)
    torque_limit_nm: float = Field(gt=0)


class PelvisSpec(_Table):
    """The root segment, alone and where it carries head, arms and trunk.

    A body that has these as segments of its own leaves `carrying` out.
    """

    inertia: InertiaSpec
    carrying: InertiaSpec | None = None
    capsules: tuple[CapsuleSpec, ...] = ()
    sites: tuple[SiteSpec, ...] = ()


class SegmentSpec(_Table):
    """A segment and the hinges that carry it."""

    name: str
    parent: str
    sides: bool
    at: PlaceSpec = PlaceSpec()
    inertia: InertiaSpec
    joints: tuple[JointSpec, ...] = ()
    capsules: tuple[CapsuleSpec, ...] = ()
    sites: tuple[SiteSpec, ...] = ()
    spheres: tuple[SphereSpec, ...] = ()


class BodySpec(_Table):
    """A whole spec file."""

    name: str
    pelvis: PelvisSpec
    segments: tuple[SegmentSpec, ...]


def spec_file(model: str) -> Path:
    """The spec file of a body that is shipped (by name) or of one's own (a path to its .toml).

    Raises:
        InputError: there is none, or no XML beside it.
    """
    own = model.endswith(".toml")
    path = Path(model) if own else resource_dir("envs") / f"{model}.toml"
    if not path.is_file():
        shipped = ", ".join(sorted(p.stem for p in resource_dir("envs").glob("*.toml")))
        raise InputError(
            f"There is no body {model!r}; name a shipped one ({shipped}) or the path of a spec "
            "file that ends with .toml."
        )
    if not path.with_suffix(".xml").is_file():
        raise InputError(f"{path.name}: beside a spec file there must be an XML of the same name.")
    return path.resolve()


@lru_cache(maxsize=16)
def load_skeleton(model: str) -> Skeleton:
    """The body of that name or spec file.

    Raises:
        InputError: there is no such file, or it does not say what it should.
    """
    return read_spec(spec_file(model))


def read_spec(path: Path) -> Skeleton:
    """Reads one spec file.

    Raises:
        InputError: it is not TOML, a table lacks something or has something unknown, a parent or
            keypoint does not exist, feet have no spheres, or masses
            do not add up.
    """
    try:
        spec = BodySpec.model_validate(read_toml(path))
    except ValidationError as error:
        raise InputError(
            f"{path.name}: this is not a body's spec file ({first_problem(error)}); mend it."
        ) from None
    pelvis = Segment(
        PELVIS, None, None, Place(), (), _sites(spec.pelvis.sites, None), (),
        _capsules(spec.pelvis.capsules, None), _inertia(spec.pelvis.inertia, None),
    )  # fmt: skip
    segments = (pelvis, *(_segment(part, side, spec) for part, side in _in_order(spec.segments)))
    carrying = None if spec.pelvis.carrying is None else _inertia(spec.pelvis.carrying, None)
    skeleton = Skeleton(spec.name, path.with_suffix(".xml"), segments, carrying)
    _check(skeleton, path)
    return skeleton


def _in_order(parts: Sequence[SegmentSpec]) -> list[tuple[SegmentSpec, Side | None]]:
    """Segments as MuJoCo numbers their joints: limb by limb, of each the left one first."""
    sided = {part.name for part in parts if part.sides}
    limbs: list[list[SegmentSpec]] = []
    for part in parts:
        if part.sides and part.parent in sided:
            next(limb for limb in limbs if part.parent in {p.name for p in limb}).append(part)
        else:
            limbs.append([part])
    return [
        (part, side)
        for limb in limbs
        for side in (SIDES if limb[0].sides else (None,))
        for part in limb
    ]


def _segment(part: SegmentSpec, side: Side | None, spec: BodySpec) -> Segment:
    parent_has_sides = any(p.name == part.parent and p.sides for p in spec.segments)
    return Segment(
        name=_sided(part.name, side),
        parent=_sided(part.parent, side if parent_has_sides else None),
        side=side,
        at=_place(part.at, side),
        joints=tuple(_joint(joint, side, spec) for joint in part.joints),
        sites=_sites(part.sites, side),
        spheres=tuple(
            Sphere(
                _keypoint(f"{sphere.name}_sphere", side),
                _place(sphere.at, side),
                _length(sphere.radius),
            )
            for sphere in part.spheres
        ),
        capsules=_capsules(part.capsules, side),
        inertia=_inertia(part.inertia, side),
    )


def _sided(name: str, side: Side | None) -> str:
    return f"{side}_{name}" if side else name


def _keypoint(name: str, side: Side | None) -> str:
    return f"{side.capitalize()} {name}" if side else name


def _length(spec: LengthSpec) -> Length:
    if spec and not isinstance(spec[0], tuple):
        return Length((spec,))
    return Length(spec)


def _place(spec: PlaceSpec, side: Side | None) -> Place:
    left = Place(_length(spec.x), _length(spec.y), _length(spec.z))
    return left.mirrored() if side == "right" else left


def _sites(specs: Sequence[SiteSpec], side: Side | None) -> tuple[Site, ...]:
    return tuple(
        Site(_keypoint(spec.keypoint, side), _place(spec.at, side), spec.fit_weight)
        for spec in specs
    )


def _capsules(specs: Sequence[CapsuleSpec], side: Side | None) -> tuple[Capsule, ...]:
    return tuple(
        Capsule(
            _sided(spec.geom, side),
            _place(spec.start, side),
            _place(spec.end, side),
            _length(spec.radius),
        )
        for spec in specs
    )


def _inertia(spec: InertiaSpec, side: Side | None) -> Inertia:
    return Inertia(spec.mass, _place(spec.com, side), spec.gyration, spec.of)


def _joint(spec: JointSpec, side: Side | None, body: BodySpec) -> Joint:
    direction, axis = (1 if spec.axis[0] == "+" else -1), "xyz".index(spec.axis[1])
    if side == "right" and axis != 1:
        # In the mirror, turns about x and z go the other way; the clinical sign stays.
        direction = -direction
    middle = {site.keypoint for site in body.pelvis.sites}
    middle |= {site.keypoint for part in body.segments if not part.sides for site in part.sites}
    # In the middle of the body one joint is told for two sides, the spec file's sign being the
    # left's: a turn to the left is one away from the right.
    clinical = ((side, 1),) if side else tuple(zip(SIDES, (1, 1 if axis == 1 else -1), strict=True))
    low, high = np.deg2rad(spec.range_deg)
    coordinate = Coordinate(
        name=_sided(spec.name, side),
        kind="angle",
        axis=axis,
        direction=direction,
        positive=spec.positive,
        clinical=clinical,
        opensim=f"{spec.opensim}_{side[0]}" if side else spec.opensim,
        opensim_sign=1,
        side=side,
        lower=float(low),
        upper=float(high),
        usual=float(np.deg2rad(spec.usual_deg)),
        prior_m_per_rad=spec.prior_m_per_rad,
        shown_by=tuple(n if n in middle else _keypoint(n, side) for n in spec.shown_by),
    )
    return Joint(coordinate, spec.stiffness_nm_per_rad, spec.torque_limit_nm)


def _check(skeleton: Skeleton, path: Path) -> None:
    """What no single table can tell."""
    seen: set[str] = set()
    for segment in skeleton.segments:
        if segment.parent is not None and segment.parent not in seen:
            raise InputError(
                f"{path.name}: segment {segment.name!r} hangs on {segment.parent!r}, which is "
                "not a segment before it."
            )
        seen.add(segment.name)
    strange = [site.keypoint for s in skeleton.segments for site in s.sites]
    strange += [name for c in skeleton.coordinates for name in c.shown_by]
    strange = sorted(set(strange) - set(KEYPOINT_NAMES))
    if strange:
        raise InputError(f"{path.name}: no keypoint is called {', '.join(strange)}.")
    if not skeleton.spheres:
        raise InputError(f"{path.name}: no segment has contact spheres; nothing could stand.")
    total = skeleton.heaviest_pelvis.mass
    total += sum(s.inertia.mass for s in skeleton.segments if s.parent)
    if abs(total - 1.0) > MASS_TOLERANCE:
        pelvis = "the pelvis that carries the trunk" if skeleton.carrying else "the pelvis"
        raise InputError(
            f"{path.name}: limbs and {pelvis} weigh {total:.3f} of the body; they must weigh 1."
        )
    names = skeleton.pose_names
    if len(set(names)) < len(names):
        raise InputError(f"{path.name}: two joints have the same name.")
