"""Enumerations: numbers with names, in both directions, and how well each fact is known.

The facts are from protocol.md, Connector status and OCPP error code.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

_UNNAMED = re.compile(r"([0-9]{1,20}) \(unknown\)")


class Provenance(StrEnum):
    """How well a fact is known: the four words of protocol.md, and `user`. None means that nothing is claimed.

    The order is from strong to weak: a conclusion from two facts is as weak as the weaker one.
    """

    VERIFIED = "verified"
    DOCUMENTED = "documented"
    INFERRED = "inferred"
    ASSUMED = "assumed"
    USER = "user"
    """Stated in the user's own definition file."""


FIRM = (Provenance.VERIFIED, Provenance.DOCUMENTED, Provenance.USER)
"""The provenances that may support or contradict other facts. An inference or a guess may do neither."""


@dataclass(frozen=True, slots=True)
class Enumeration:
    """The names of one kind of number. `label` is the name of the kind, for people."""

    label: str
    names: Mapping[int, str]
    meanings: Mapping[int, str]
    provenance: Mapping[int, Provenance]

    def name_of(self, number: int) -> str:
        """Return the name of a number, or `12 (unknown)` if it has none."""
        return self.names.get(number) or _format_unnamed(number)

    def number_of(self, name: str) -> int | None:
        """Return the number for a result of `name_of`, whatever its letter case; None if there is none."""
        if unnamed := _UNNAMED.fullmatch(name):
            return int(unnamed[1])
        key = name.casefold()
        return next((number for number, own in self.names.items() if own.casefold() == key), None)


@lru_cache(256)
def _format_unnamed(number: int) -> str:
    """Return the text of a number without a name. Those of a byte are made once, as tracks and paths keep them."""
    return f"{number} (unknown)"
