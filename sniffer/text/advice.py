"""General advice for the rows of the error table: what is wrong electrically, and what to measure first.

Out: `find_advice` a row, or None. None of it is protocol or from the charger's document, and a
user's definition does not change it. Read once, when first asked for; `data/advice.toml` says what may stand there.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from sniffer.core.protocol.definition import ErrorRow
from sniffer.core.protocol.toml_table import TomlTable


@dataclass(frozen=True, slots=True)
class Advice:
    """What to know and to measure at one fault.

    `meaning` is the fault that it is about, by the document's name. `electrical` are sentences, of which the first can
    stand alone; `measure` are steps in a safe order.
    """

    meaning: str
    electrical: tuple[str, ...]
    measure: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Handbook:
    """All advice, by vendor code and stop reason, and the one line on safety that goes with any of it."""

    safety: str
    entries: dict[tuple[int, str], Advice]


def find_advice(row: ErrorRow) -> Advice | None:
    """The advice for a row of the document's table, whatever a user's definition calls it; None for any other row."""
    return None if row.vendor is None else load_handbook().entries.get((row.vendor, row.stop_reason))


@cache
def load_handbook() -> Handbook:
    """The advice of this package. Raises `DefinitionError` where its file breaks the format."""
    text = (resources.files("sniffer.text") / "data" / "advice.toml").read_text("utf-8")
    return parse_handbook(TomlTable("advice.toml", tomllib.loads(text)))


def parse_handbook(file: TomlTable) -> Handbook:
    """The advice in a file. Raises `DefinitionError` for an entry that is incomplete or there twice."""
    entries: dict[tuple[int, str], Advice] = {}
    for entry in file.list("advice"):
        key = entry.number("vendor"), entry.text("stop_reason")
        if key in entries:
            raise entry.wrong("vendor", "a code that no other entry with this stop_reason has")
        entries[key] = Advice(entry.text("meaning"), entry.texts("electrical"), entry.texts("measure"))
    return Handbook(file.text("safety"), entries)
