"""The names of the rows of the error table in other vocabularies: ChargeX MREC, CharIN's unified codes, Matter.

In: a row of the error table, or a word of such a vocabulary. Out: words with how well each is known, or rows. The file
is read once, on first use; it describes its own format. protocol.md, Fault vocabularies, is its source.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache

import tomli
from msgspec import Struct

from sniffer.base.late_pattern import compile_late
from sniffer.base.package_data import read_package_text
from sniffer.base.toml_table import TomlTable
from sniffer.core.protocol.definition import Definition, ErrorRow
from sniffer.core.protocol.enumeration import Provenance

MREC = "ChargeX MREC"
"""The vocabulary whose words OCPP carries."""

_FILE = "fault_vocabularies.toml"
_MREC_CODE = compile_late(r"CX\d{3}", re.IGNORECASE)


class ForeignName(Struct, frozen=True):
    """The names of a fault in a vocabulary. With several `names` it is not known which of them fits.

    `remark` says why the names are taken to fit.
    """

    vocabulary: str
    names: tuple[str, ...]
    provenance: Provenance
    remark: str

    @property
    def text(self) -> str:
        """The names in one text."""
        return " or ".join(self.names)


class Glossary(Struct, frozen=True):
    """All entries by vendor code and stop reason of their row; `about` says of each vocabulary where it is used."""

    about: Mapping[str, str]
    entries: Mapping[tuple[int, str], tuple[ForeignName, ...]]


def find_foreign_names(row: ErrorRow) -> tuple[ForeignName, ...]:
    """Return the other names of a row, by its vendor code and stop reason; empty if none is known."""
    return () if row.vendor is None else load_glossary().entries.get((row.vendor, row.stop_reason), ())


def find_rows_called(word: str, definition: Definition) -> list[tuple[ErrorRow, ForeignName]]:
    """Return the rows of a definition for which a vocabulary has this word, in any letter case, each with its entry."""
    folded = word.casefold()
    return [
        (row, entry)
        for row in definition.errors
        for entry in find_foreign_names(row)
        if folded in map(str.casefold, entry.names)
    ]


def split_names(text: str, definition: Definition) -> list[str]:
    """Return the names in a text that holds nothing but several words of vocabularies; else the whole text."""
    parts = text.replace(",", " ").split()
    return parts if parts and all(find_rows_called(part, definition) for part in parts) else [text]


def describe_foreign_code(word: str) -> str:
    """Return what a code without a row is, which has the form of ChargeX MREC; empty if it has another form."""
    return f"{MREC} that no fault of the error table has" if _MREC_CODE.fullmatch(word) else ""


def list_words() -> Iterable[str]:
    """Return all words of all vocabularies."""
    return dict.fromkeys(name for found in load_glossary().entries.values() for entry in found for name in entry.names)


@cache
def load_glossary() -> Glossary:
    """Return the entries of this package. Raises `DefinitionError` if the file breaks its format."""
    text = read_package_text("sniffer.text.faults", f"data/{_FILE}")
    return parse_glossary(TomlTable(_FILE, tomli.loads(text)))


def parse_glossary(file: TomlTable) -> Glossary:
    """Return the entries of a file. Raises `DefinitionError` if one is incomplete, or of an unknown vocabulary."""
    about = {entry.text("name"): entry.text("about") for entry in file.list("vocabulary")}
    words = {word.value: word for word in Provenance}
    entries: dict[tuple[int, str], tuple[ForeignName, ...]] = {}
    for entry in file.list("entry"):
        key = entry.number("vendor"), entry.text("stop_reason")
        name = ForeignName(
            vocabulary=entry.choice("vocabulary", dict(zip(about, about, strict=True))),
            names=entry.texts("names"),
            provenance=entry.choice("provenance", words),
            remark=entry.text("remark"),
        )
        if name.vocabulary in (other.vocabulary for other in entries.get(key, ())):
            raise entry.wrong("vocabulary", "one that has no other entry for this row")
        entries[key] = (*entries.get(key, ()), name)
    return Glossary(about, entries)
