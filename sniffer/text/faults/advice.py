"""General advice for the rows of the error table: what is wrong electrically, what is dangerous, what to measure first.

In: a row of the error table, or a line of the charger's log. Out: its advice, or None. The advice is not from the
charger's document, and a user's definition does not change it. The files are read once, on first use; they describe
their own format, and `data/advice.toml` how well their statements are known.
"""

from functools import cache

import tomli
from msgspec import Struct

from sniffer.base.package_data import read_package_text
from sniffer.base.toml_table import TomlTable
from sniffer.core.protocol.definition import ErrorRow

FILES = ("advice.toml", "fault_advice.toml")
"""The files of the advice in `data`: what holds for every fault, and the advice for each row."""

PRACTICE = "practice: engineering knowledge without a source at hand"
"""The meaning of the word "practice" beside a statement of the advice."""


class Advice(Struct, frozen=True):
    """The advice for one fault.

    `meaning` is the document's name of the fault. `electrical` are sentences, of which the first can stand alone.
    `danger` is what can hurt somebody, and stands before every step; no form of the advice leaves it out. `measure` are
    steps in a safe order.
    """

    meaning: str
    electrical: tuple[str, ...]
    danger: tuple[str, ...]
    measure: tuple[str, ...]

    @property
    def uses_practice(self) -> bool:
        """True if the word "practice" stands beside one of the statements."""
        return any("practice)" in text for text in (*self.electrical, *self.danger, *self.measure))


class Handbook(Struct, frozen=True):
    """All advice by vendor code and stop reason, and the safety line that is shown with each.

    `afterwards` is what to do after the steps. `lines` is what is said of log lines, by a text that they contain.
    `registration` is what to check while registration is pending, in order.
    """

    safety: str
    afterwards: str
    registration: tuple[str, ...]
    entries: dict[tuple[int, str], Advice]
    lines: dict[str, str]


def find_advice(row: ErrorRow) -> Advice | None:
    """Return the advice for a row by vendor code and stop reason, whatever its name is; None if there is none."""
    return None if row.vendor is None else load_handbook().entries.get((row.vendor, row.stop_reason))


def find_line_advice(text: str) -> str | None:
    """Return the advice on a line of the charger's log, also on an unknown one; None if there is none."""
    return next((advice for part, advice in load_handbook().lines.items() if part in text), None)


@cache
def load_handbook() -> Handbook:
    """Return the advice of this package. Raises `DefinitionError` if a file breaks its format."""
    text = "".join(read_package_text("sniffer.text.faults", f"data/{name}") for name in FILES)
    return parse_handbook(TomlTable("advice.toml", tomli.loads(text)))


def parse_handbook(file: TomlTable) -> Handbook:
    """Return the advice in a file. Raises `DefinitionError` if an entry is incomplete or occurs twice."""
    entries: dict[tuple[int, str], Advice] = {}
    for entry in file.list("advice"):
        key = entry.number("vendor"), entry.text("stop_reason")
        if key in entries:
            raise entry.wrong("vendor", "a code that no other entry with this stop_reason has")
        entries[key] = Advice(
            meaning=entry.text("meaning"),
            electrical=entry.texts("electrical"),
            danger=entry.texts("danger") if "danger" in entry else (),
            measure=entry.texts("measure"),
        )
    return Handbook(
        safety=file.text("safety"),
        afterwards=file.text("afterwards"),
        registration=file.texts("registration"),
        entries=entries,
        lines={entry.text("text"): entry.text("advice") for entry in file.list("line")},
    )
