"""How a rendered person looks: skin, hair and clothes, painted on the vertices of the mesh."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.synthetic.people.person import Person
from simgait.synthetic.people.segments import SIDES, SPINE, columns

Colour = tuple[float, float, float]
"""Linear red, green, blue, 0 to 1."""
SKINS: tuple[Colour, ...] = (
    (0.62, 0.42, 0.33), (0.60, 0.43, 0.30), (0.42, 0.26, 0.18), (0.25, 0.15, 0.10),
    (0.13, 0.07, 0.045),
)  # fmt: skip
HAIRS: tuple[Colour, ...] = (
    (0.02, 0.02, 0.02), (0.06, 0.04, 0.03), (0.20, 0.11, 0.06), (0.40, 0.28, 0.12),
    (0.50, 0.50, 0.50),
)  # fmt: skip
EYE_WHITE, PUPIL, LIPS = (0.80, 0.80, 0.80), (0.04, 0.03, 0.02), (0.45, 0.18, 0.16)
"""Chosen by eye, as the colours of skin (from light to dark) and hair (from black to grey)."""
EYES_APART = 0.062
"""Adults' (m), by which the sizes of faces below are meant."""
CLOTH_GRAIN, SKIN_GRAIN, HAIR_GRAIN = 0.45, 0.12, 0.6
"""How much a texture lightens and darkens."""


@dataclass(frozen=True)
class Look:
    """Colours and cuts.

    Attributes:
        sleeve: how far sleeves reach: 0 at the shoulder, 1 at the elbow, 2 at the wrist.
        hem: height over the soles at which trousers end, over body height.
        waist: height at which trousers begin, above the hips, over body height.
        hair_m: how far hair reaches below the eyes at the back of the head, in an adult's metres.
        stripes: of the shirt, per body height; 0 for none.
        cloth_m: thickness of the clothes.
    """

    skin: Colour
    hair: Colour
    shirt: Colour
    trousers: Colour
    shoes: Colour
    sleeve: float
    hem: float
    waist: float
    hair_m: float
    stripes: float
    cloth_m: float


def draw_look(rng: np.random.Generator) -> Look:
    """Draw a look; grey clothes are as usual as bright ones."""

    def cloth() -> Colour:
        grey, spread = rng.beta(1.0, 1.6) * 0.8 + 0.02, rng.uniform(0.0, 0.5)
        r, g, b = np.clip(grey * (1.0 + spread * rng.normal(size=3)), 0.01, 0.9)
        return float(r), float(g), float(b)

    return Look(
        skin=SKINS[int(rng.integers(len(SKINS)))],
        hair=HAIRS[int(rng.integers(len(HAIRS)))],
        shirt=cloth(),
        trousers=cloth(),
        shoes=cloth(),
        sleeve=float(rng.choice([0.4, 0.7, 1.9], p=[0.1, 0.5, 0.4])),
        hem=float(rng.choice([0.27, 0.12, 0.055], p=[0.2, 0.15, 0.65])),
        waist=float(rng.uniform(0.03, 0.07)),
        hair_m=float(rng.choice([-0.02, 0.05, 0.14])),
        stripes=float(rng.choice([0.0, rng.uniform(12, 30)], p=[0.75, 0.25])),
        cloth_m=float(rng.uniform(0.004, 0.022)),
    )


def paint(person: Person, look: Look) -> Float[np.ndarray, "V 4"]:
    """Colour (linear) of each vertex, and how much its texture varies."""
    weights, at = person.mesh.weights, person.vertices

    def on(*parts: str) -> Float[np.ndarray, " V"]:
        return np.asarray(weights[:, columns(*parts)].sum(axis=1))

    colour = np.tile([*look.skin, SKIN_GRAIN], (len(at), 1))
    height, hips_m = person.height_m, float(person.joints["hip.L"][2])
    waist_m = hips_m + look.waist * height
    arm = _along_arm(person)
    trunk = on("pelvis", *SPINE, "collar") + on("upper_arm", "forearm") * (arm < look.sleeve)
    legs = on("thigh", "shank") + on("pelvis", *SPINE[:2])
    shirt = (trunk > 0.5) & (at[:, 2] > waist_m) & (on("head", "neck") < 0.5)
    shirt |= (on("upper_arm", "forearm") > 0.5) & (arm < look.sleeve)
    light = np.where(np.sin(2 * np.pi * look.stripes * at[:, 2] / height) > 0, 1.0, 0.5)
    striped = np.array(look.shirt) * (light[:, None] if look.stripes else 1.0)
    colour[shirt, :3] = (striped * np.ones((len(at), 1)))[shirt]
    trousers = (legs > 0.5) & (at[:, 2] <= waist_m) & (at[:, 2] > look.hem * height)
    trousers &= on("upper_arm", "forearm", "hand") < 0.5
    colour[trousers, :3] = look.trousers
    colour[shirt | trousers, 3] = CLOTH_GRAIN
    shoes = on("foot", "toes") > 0.45
    colour[shoes] = (*look.shoes, SKIN_GRAIN)
    _paint_head(colour, person, look)
    return colour


def _along_arm(person: Person) -> Float[np.ndarray, " V"]:
    """How far along an arm vertices lie: 0 shoulder, 1 elbow, 2 wrist; of both arms."""
    along = np.zeros(len(person.vertices))
    for side in SIDES:
        shoulder, elbow, wrist = (person.joints[f"{j}.{side}"] for j in _ARM)
        upper, fore = elbow - shoulder, wrist - elbow
        mine = np.sign(person.vertices[:, 1]) == np.sign(shoulder[1])
        above = np.clip((person.vertices - shoulder) @ upper / (upper @ upper), 0.0, 1.0)
        below = np.clip((person.vertices - elbow) @ fore / (fore @ fore), 0.0, 1.2)
        along = np.where(mine, above + below, along)
    return along


_ARM = ("shoulder", "elbow", "wrist")


def _paint_head(colour: Float[np.ndarray, "V 4"], person: Person, look: Look) -> None:
    """Hair, eyes, brows and mouth; places are from the middle of the eyes, in an adult's metres."""
    mesh = person.mesh
    head = mesh.weights[:, columns("head")].sum(axis=1) > 0.5
    eyes = mesh.eye > 0.5
    middle = person.joints["eyes"]
    apart = 2.0 * float(np.abs(person.vertices[eyes, 1]).mean())
    x, y, z = ((person.vertices - middle) * EYES_APART / apart).T
    y = np.abs(y)
    hairy = head & (((z > 0.055) & (x < 0.03)) | ((x < -0.075) & (z > -look.hair_m)))
    colour[hairy] = (*look.hair, HAIR_GRAIN)
    brow = head & (x > -0.02) & (np.abs(z - 0.021) < 0.005) & (np.abs(y - 0.032) < 0.019)
    colour[brow] = (*look.hair, HAIR_GRAIN)
    mouth = head & (x > -0.02) & (np.hypot(y / 0.026, (z + 0.068) / 0.009) < 1.0)
    colour[mouth, :3] = 0.5 * np.array(LIPS) + 0.5 * np.array(look.skin)
    colour[eyes] = (*EYE_WHITE, 0.0)
    pupil = eyes & (np.hypot(y - EYES_APART / 2, z) < 0.006) & (x > 0.0)
    colour[pupil] = (*PUPIL, 0.0)
