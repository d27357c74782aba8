"""Numbers that have names, both ways (protocol.md, Connector status and OCPP error code)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

_UNNAMED = re.compile(r"([0-9]{1,20}) \(unknown\)")


class Provenance(StrEnum):
    """How well a fact is known: protocol.md's four words, and a user's own. No provenance: nothing is claimed.

    In the order of what they are worth to others: what rests on two facts is known as the later one is.
    """

    VERIFIED = "verified"
    DOCUMENTED = "documented"
    INFERRED = "inferred"
    ASSUMED = "assumed"
    USER = "user"
    """The user's own definition file says it."""


FIRM = (Provenance.VERIFIED, Provenance.DOCUMENTED, Provenance.USER)
"""Words of facts that others may rest on, and that may speak against others; an inference or a guess does neither."""


@dataclass(frozen=True, slots=True)
class Enumeration:
    """The names of one kind of number; `label` is what a person calls the kind."""

    label: str
    names: Mapping[int, str]
    meanings: Mapping[int, str]
    provenance: Mapping[int, Provenance]

    def name_of(self, number: int) -> str:
        """The name, or `12 (unknown)` for a number without one."""
        return self.names.get(number) or f"{number} (unknown)"

    def number_of(self, name: str) -> int | None:
        """The number of what `name_of` gave, in any case of letters; None if there is none."""
        if unnamed := _UNNAMED.fullmatch(name):
            return int(unnamed[1])
        wanted = name.casefold()
        return next((number for number, known in self.names.items() if known.casefold() == wanted), None)
