"""General advice for the rows of the error table: what is wrong electrically, and what to measure first.

In: a row of the error table. Out: its `Advice`, or None. The advice is not from the charger's document, and a user's
definition does not change it. The file is read once, on first use; `data/advice.toml` describes its own format.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from sniffer.core.protocol.definition import ErrorRow
from sniffer.core.protocol.toml_table import TomlTable


@dataclass(frozen=True, slots=True)
class Advice:
    """The advice for one fault.

    `meaning` is the document's name of the fault. `electrical` are sentences, of which the first can stand alone.
    `measure` are steps in a safe order.
    """

    meaning: str
    electrical: tuple[str, ...]
    measure: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Handbook:
    """All advice by vendor code and stop reason, and the safety line that is shown with each.

    `registration` is what to check while registration is pending, in order.
    """

    safety: str
    registration: tuple[str, ...]
    entries: dict[tuple[int, str], Advice]


def find_advice(row: ErrorRow) -> Advice | None:
    """Return the advice for a row by vendor code and stop reason, whatever its name is; None if there is none."""
    return None if row.vendor is None else load_handbook().entries.get((row.vendor, row.stop_reason))


@cache
def load_handbook() -> Handbook:
    """Return the advice of this package. Raises `DefinitionError` if the file breaks its format."""
    text = (resources.files("sniffer.text") / "data" / "advice.toml").read_text("utf-8")
    return parse_handbook(TomlTable("advice.toml", tomllib.loads(text)))


def parse_handbook(file: TomlTable) -> Handbook:
    """Return the advice in a file. Raises `DefinitionError` if an entry is incomplete or occurs twice."""
    entries: dict[tuple[int, str], Advice] = {}
    for entry in file.list("advice"):
        key = entry.number("vendor"), entry.text("stop_reason")
        if key in entries:
            raise entry.wrong("vendor", "a code that no other entry with this stop_reason has")
        entries[key] = Advice(entry.text("meaning"), entry.texts("electrical"), entry.texts("measure"))
    return Handbook(file.text("safety"), file.texts("registration"), entries)
