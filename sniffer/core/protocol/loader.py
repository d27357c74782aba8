"""The loader: makes one `Definition` from the packaged data files and the user's own.

In: the texts of the files. Out: the definition. A text that breaks the format raises `DefinitionError`, which names the
file, the entry and the key, and says what is allowed. Loading happens once, at start. `docs/definition.md` describes
the format.
"""

from collections.abc import Iterable, Mapping
from functools import cache

import tomli
from msgspec.structs import replace

from sniffer.base.errors import DefinitionError
from sniffer.base.package_data import read_package_text
from sniffer.base.toml_table import TomlTable
from sniffer.core.protocol.conversions import ErrorNumber, Number
from sniffer.core.protocol.definition import Command, Definition, ErrorRow, Field
from sniffer.core.protocol.digit_conversions import Bcd, BcdErrorNumber, DecimalErrorText, DecimalText
from sniffer.core.protocol.enumeration import Enumeration, Provenance, parse_enumerations
from sniffer.core.protocol.fault_rows import list_fault_rows
from sniffer.core.protocol.overlay import NEEDED_NAMES, overlay_enumerations, overlay_file
from sniffer.core.protocol.parsers.definition_parser import parse_file
from sniffer.core.protocol.provenance import settle_enumerations, settle_provenance
from sniffer.core.wire.link import Route

PACKAGED = ("codes.toml", "pwrboard.toml", "dbus.toml", "exchanges.toml", "log.toml")


@cache
def packaged_definition() -> Definition:
    """Return the protocol as this package knows it."""
    return load(packaged_files())


def find_indexed_row(index: int) -> ErrorRow | None:
    """Return the row of the packaged error table that the log's `icomCode = N,index=I` names; None if there is none.

    The rows are counted from 1, and 0 is no fault (protocol.md, Error table: `assumed`). Rows that a user's file adds
    are not counted.
    """
    rows = packaged_definition().errors
    return rows[index - 1] if 1 <= index <= len(rows) else None


def is_same_row(row: ErrorRow, other: ErrorRow) -> bool:
    """Return True if both are the same row of the table, whatever else a user's file says of it."""
    return (row.vendor, row.stop_reason) == (other.vendor, other.stop_reason)


def packaged_files() -> dict[str, str]:
    """Return the texts of the packaged files by name."""
    return {name: read_package_text("sniffer.core.protocol", f"data/{name}") for name in PACKAGED}


def list_boards() -> tuple[str, ...]:
    """Return the names of the boards whose links come with this package, in alphabetical order."""
    return tuple(sorted(name.removesuffix(".toml") for name in _board_texts()))


def board_files(names: Iterable[str]) -> dict[str, str]:
    """Return the texts of the packaged files of these boards, by the names of the files."""
    texts = _board_texts()
    return {f"{name}.toml": texts[f"{name}.toml"] for name in names}


@cache
def load_board_routes() -> dict[str, tuple[Route, ...]]:
    """Return the routes that a stream of bytes alone can distinguish, of each board by name."""
    packaged = packaged_files()
    return {name: load(packaged | board_files([name])).links.routes_in_bytes for name in list_boards()}


def _board_texts() -> dict[str, str]:
    from importlib import resources

    folder = resources.files("sniffer.core.protocol") / "data" / "boards"
    return {file.name: file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".toml")}


def load(files: Mapping[str, str], own: Iterable[tuple[str, str]] = ()) -> Definition:
    """Return one definition from the texts of several files by name.

    `own` are the names and texts of the user's files. Each overrides those before it, and its facts are the user's.
    """
    tables = [_parse(name, text) for name, text in files.items()]
    own_tables = [_parse(name, text) for name, text in own]
    packaged_names = _merge_enumerations({}, tables, None)
    _check_needed(packaged_names, next(iter(files), ""))
    names = settle_enumerations(_merge_enumerations(packaged_names, own_tables, Provenance.USER), packaged_names)
    packaged = _overlay_all(Definition((), (), names, {}, {}, (), ()), tables, None)
    return _name_errors(settle_provenance(_overlay_all(packaged, own_tables, Provenance.USER), packaged))


def _name_errors(definition: Definition) -> Definition:
    """Return the definition with the plain numbers that tell a vendor error code shown by the error table."""
    meanings = {row.vendor: row.meaning for row in reversed(list_fault_rows(definition)) if row.vendor is not None}

    def name(field: Field) -> Field:
        """Return a field that tells an error number with a conversion that knows the meanings."""
        plain = field.conversion
        if field.tells != "vendor_error" or not isinstance(plain, Number):
            return field
        if plain == Number():
            return replace(field, conversion=ErrorNumber(meanings=meanings))
        if isinstance(plain, Bcd) and plain == Bcd(digits=plain.digits):
            return replace(field, conversion=BcdErrorNumber(digits=plain.digits, meanings=meanings))
        if type(plain) is DecimalText and not (plain.is_scaled or plain.unit):
            form = {name: getattr(plain, name) for name in ("size", "places", "padding", "base")}
            return replace(field, conversion=DecimalErrorText(**form, meanings=meanings))
        return field

    def rename(command: Command) -> Command:
        if not any(field.tells for field in command.fields):
            return command
        return replace(command, fields=tuple(map(name, command.fields)))

    return replace(definition, commands=tuple(map(rename, definition.commands)))


def _parse(name: str, text: str) -> TomlTable:
    """Return the table of a file. Raises `DefinitionError` if it is not TOML."""
    try:
        return TomlTable(name, tomli.loads(text))
    # Numbers of thousands of digits and endless nesting exceed the limits of Python's TOML parser.
    except (ValueError, RecursionError) as error:
        raise DefinitionError(f"{name}: not valid TOML: {error}") from error


def _check_needed(enumerations: Mapping[str, Enumeration], file: str) -> None:
    """Check that the names which the charger model uses are in the enumerations. Raises `DefinitionError` if not."""
    for key, names in NEEDED_NAMES.items():
        for name in names:
            if key not in enumerations or name not in enumerations[key].names.values():
                raise DefinitionError(f"{file}: enumeration.{key} with the name {name} is needed in one of the files")


def _merge_enumerations(
    before: Mapping[str, Enumeration], tables: Iterable[TomlTable], left_out: Provenance | None
) -> dict[str, Enumeration]:
    """Return the enumerations with those of the files laid over them, in this order."""
    merged = {**before}
    for table in tables:
        merged = overlay_enumerations(merged, parse_enumerations(table, left_out))
    return merged


def _overlay_all(before: Definition, tables: Iterable[TomlTable], left_out: Provenance | None) -> Definition:
    """Return the definition with the files laid over it, in this order."""
    merged = before
    for table in tables:
        merged = overlay_file(merged, parse_file(table, merged.enumerations, merged.links, left_out))
    return merged
