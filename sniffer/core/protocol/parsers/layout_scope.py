"""The scope at one place of a payload's layout: earlier numbers to refer to, and the names that are taken."""

from typing import NamedTuple

from sniffer.base.toml_table import TomlTable
from sniffer.core.protocol.parsers.field_parser import check_name

MOST_DEPTH = 4
"""The greatest depth of lists and switches."""


class LayoutScope(NamedTuple):
    """One place of a layout.

    `prefix` stands before the names of fields here; `outer` is the prefix of the outermost list. `numbers` and `texts`
    are the positions of the numbers and the texts before this place, by the names that the file has. `taken` are the
    full names in use. `depth` counts the lists and switches around it. The bytes `between` are those of a list of whose
    items this place is the end; they are empty elsewhere.
    """

    prefix: str
    outer: str
    numbers: dict[str, int]
    texts: dict[str, int]
    taken: set[str]
    depth: int
    between: bytes = b""

    def within(self, prefix: str, outer: str) -> "LayoutScope":
        """Return the scope of an item or a case, one deeper: what it adds does not show out here."""
        return LayoutScope(prefix, outer, dict(self.numbers), dict(self.texts), set(self.taken), self.depth + 1)

    def find_number(self, table: TomlTable, key: str) -> int:
        """Return the position of the number that a key names. Raises `DefinitionError` if there is none before it."""
        name = table.text(key)
        if name not in self.numbers:
            raise table.wrong(key, f"an earlier number without sign: {self.format_numbers()}")
        return self.numbers[name]

    def find_switched(self, table: TomlTable) -> int:
        """Return the position of the number or text that a switch names.

        Raises `DefinitionError` if there is none before it.
        """
        name, known = table.text("switch"), {**self.numbers, **self.texts}
        if name not in known:
            before = ", ".join(known) or "there is none"
            raise table.wrong("switch", f"an earlier number without sign, or an earlier text: {before}")
        return known[name]

    def format_numbers(self) -> str:
        """Return the names of the numbers before this place, for a message."""
        return ", ".join(self.numbers) or "there is none"

    def take_group_name(self, table: TomlTable) -> str:
        """Return the full name of a list or of bits, which is taken from now on."""
        name = table.text("name")
        check_name(table, name, set())
        full = f"{self.prefix}{name}"
        if full in self.taken:
            raise table.wrong("name", "different from the names of the other fields")
        self.taken.add(full)
        return full

    def check_depth(self, table: TomlTable) -> None:
        """Raise `DefinitionError` if no list or switch may be in here."""
        if self.depth == MOST_DEPTH:
            raise table.wrong("switch" if "switch" in table else "type", f"at most {MOST_DEPTH} deep in others")
