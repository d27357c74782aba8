"""The key `mended` of an object: how a misread line was mended (`docs/json.md`).

In: a `Mended`, or the value of the key. Out: the other one. Any other value raises `ValueError`.
"""

from typing import Any

from sniffer.core.protocol.enumeration import Provenance
from sniffer.core.wire.mended import Mended, MendedCharacter

LONGEST_TEXT = 1 << 16
"""Characters of a text before it was mended, at most."""


def build_mended_object(mended: Mended) -> dict[str, Any]:
    """Return the value of the key: the characters, how many readings were tried, and the chance of a wrong one."""
    value = {
        "characters": [{"at": one.at, "read": one.read, "mended": one.mended} for one in mended.characters],
        "tried": mended.tried,
        "chance": mended.chance,
        "as_read": mended.as_read,
        "provenance": Provenance.ASSUMED.value,
    }
    return value | ({"readings": [raw.hex() for raw in mended.readings]} if mended.readings else {})


def parse_mended(value: Any) -> Mended:
    """Return the mending that the value of the key describes. Raises `ValueError` if it is not one."""
    try:
        characters = tuple(
            MendedCharacter(_check_number(one["at"]), _check_text(one["read"]), _check_text(one["mended"]))
            for one in value["characters"]
        )
        readings = tuple(bytes.fromhex(raw) for raw in value.get("readings", []))
        as_read, tried = _check_text(value["as_read"]), _check_number(value["tried"])
        return Mended(as_read, characters, tried, readings, has_crc=value["chance"] is not None)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError("its mended does not say how the line was mended") from error


def _check_number(value: Any) -> int:
    """Return a number that is not below zero. Raises `ValueError` if the value is not one."""
    if type(value) is int and 0 <= value < 1 << 53:
        return value
    raise ValueError("no number")


def _check_text(value: Any) -> str:
    """Return a text that can be encoded. Raises `ValueError` if the value is not one."""
    if isinstance(value, str) and len(value) <= LONGEST_TEXT:
        value.encode()
        return value
    raise ValueError("no text")
