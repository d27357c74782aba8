"""Misread frames: those of recognised pages, and generated ones whose damage is known."""

import random
from dataclasses import dataclass

from sniffer.core.protocol.log_lines import format_frame
from sniffer.core.wire.link import Route
from sniffer.core.wire.links import ROUTES

RECOGNISED = (
    ("=>Dbus", "FF 6A A6 FF FF 00 05 [00 21] 00 SC 18", "charge point information answer"),
    ("<=Dbus", "FF 6A A€ 99 3B 00 04 [00 00] D€ BS", "announcement relay"),
    ("=>pwrboard", "AA 00 54 2C 04 00 00 02 00 SE 6E", "acceptance relay"),
    ("=>pwrboard", "AA 00 54 2C 04 00 00 02 00 SE €E", "acceptance relay"),
    ("<=pwrboard", "BB DD DD 32 06 59 2A 59 €8 59 AD €B BC", "phase voltages"),
    ("<=Dbus", "FF €A A6 €4 41 00 04 [00 00] F1 75", "second announcement relay"),
    ("<=Dbus", "FF 6A A€ DD DD 00 0S5 [00 2D] 01 DC DB", "unasked acceptance request"),
    ("<=Dbus", "FF 6A A€ DD DD 00 05 [00 2D] Ol DC D8", "unasked acceptance request"),
    ("=>pwrboard", "AA €1 D9 01 04 01 03 E7 00 €3 49", "status report answer"),
    ("=>pwrboard", "AA €61 D9 01 04 01 03 E7 00 €3 49", "status report answer"),
    ("=>Dbus", "FF 6A A€ 00 5S4 00 0€ [00 2D] 02 00 A7 4cC", "acceptance"),
    ("=>Dbus", "FF 6A A€ €1 D9 00 04 [00 01]) BB S5", "status notification answer"),
)
"""Lines of recognised pages: the arrow, what was read, and the name of the known frame."""

CUT = (
    ("<=pwrboard", "BB €1 D9 01 0B 01 08 OE 00 00 00"),
    ("<=Dbus", "FF €A A€ €1 D9 — 1] 00 01 01 08"),
    ("<=pwrboard", "BB €1 D9 O oe (CP voltage value 5 A3 33"),
    ("=>Dbus", "FF 00] 00 00 00 00 00 00 1B 1F"),
)
"""Lines of which a part is missing or written over: no reading of them may be taken."""

GLYPHS = {
    "0": "OoQ", "1": "lI|", "2": "Zz", "3": "J", "4": "Yy", "5": "S$", "6": "€G", "7": "T?",
    "8": "&", "9": "Sgq", "A": "@", "B": "ß", "C": "(¢", "D": "O", "E": "£€", "F": "P",
}  # fmt: skip
"""The characters that text recognition makes of a digit, collected without a look at the table of the package."""

LIKE = {
    "0": "D8", "1": "7", "2": "7", "3": "8", "4": "A", "5": "69", "6": "85", "7": "1",
    "8": "B3", "9": "0", "A": "4", "B": "8", "C": "0", "D": "0", "E": "F", "F": "E",
}  # fmt: skip
"""The digits that look like a digit."""

_SIZES = (0, 1, 2, 3, 4, 6, 9, 11, 15, 30, 34, 47)


@dataclass(frozen=True, slots=True)
class Misread:
    """A frame, and the text that was read of it."""

    route: Route
    raw: bytes
    text: str


def misread_frames(count: int, *, seed: int, any_digit: bool = False) -> list[Misread]:
    """Return generated frames with 1 to 4 glyphs that are no digits, and in every second one a wrong digit.

    With `any_digit`, the wrong digit is any other one, else one that looks like it.
    """
    rng = random.Random(seed)
    return [_misread(rng, any_digit=any_digit) for _ in range(count)]


def _misread(rng: random.Random, *, any_digit: bool) -> Misread:
    route = rng.choice(ROUTES)
    payload = bytes(rng.choice([0, 0, 0, 1, rng.randrange(256)]) for _ in range(rng.choice(_SIZES)))
    raw = route.link.build(route.head, rng.randrange(1 << 16), rng.choice([0x01, 0x04, 0x0B, 0x21, 0x2D]), payload)
    characters = list(format_frame(route, raw).partition(":")[2])
    places = [at for at, one in enumerate(characters) if one not in " []"]
    damaged = rng.sample(places, rng.randint(1, 4))
    for at in damaged:
        characters[at] = rng.choice(GLYPHS[characters[at]])
    if rng.random() < 0.5:
        at = rng.choice([at for at in places if at not in damaged])
        others = [one for one in GLYPHS if one != characters[at]] if any_digit else LIKE[characters[at]]
        characters[at] = rng.choice(others)
    return Misread(route, raw, "".join(characters))
