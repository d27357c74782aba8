"""Make one `Definition` of the texts of data files: the packaged ones, and a user's own laid over them.

A text that breaks the format raises `DefinitionError`, which names the file, the entry and the key, and says what is
allowed; what is accepted works, whatever comes over the wire. Loading happens once, at start; nothing here runs for
a frame. The format is described in `docs/definition.md`.
"""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources

from sniffer.base.errors import DefinitionError
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.definition_parser import parse_enumerations, parse_file
from sniffer.core.protocol.enumeration import Enumeration, Provenance
from sniffer.core.protocol.overlay import NEEDED_NAMES, overlay_enumerations, overlay_file
from sniffer.core.protocol.provenance import settle_enumerations, settle_provenance
from sniffer.core.protocol.toml_table import TomlTable

PACKAGED = ("codes.toml", "pwrboard.toml", "dbus.toml", "log.toml")


@cache
def packaged_definition() -> Definition:
    """The protocol as this package knows it."""
    return load(packaged_files())


def packaged_files() -> dict[str, str]:
    """The texts of the packaged files, by name."""
    folder = resources.files("sniffer.core.protocol") / "data"
    return {name: (folder / name).read_text("utf-8") for name in PACKAGED}


def load(files: Mapping[str, str], own: Iterable[tuple[str, str]] = ()) -> Definition:
    """One definition from the texts of several files, by file name.

    `own` are names and texts of a user's files: each is laid over what was before it, and what it says is the user's.
    """
    tables = [_parse(name, text) for name, text in files.items()]
    own_tables = [_parse(name, text) for name, text in own]
    packaged_names = _enumerations({}, tables, None)
    _check_needed(packaged_names, next(iter(files), ""))
    names = settle_enumerations(_enumerations(packaged_names, own_tables, Provenance.USER), packaged_names)
    packaged = _laid_over(Definition((), (), names, {}, {}, (), ()), tables, None)
    return settle_provenance(_laid_over(packaged, own_tables, Provenance.USER), packaged)


def _parse(name: str, text: str) -> TomlTable:
    try:
        return TomlTable(name, tomllib.loads(text))
    # Numbers of thousands of digits and nesting without end are refused by the reader's own limits.
    except (ValueError, RecursionError) as error:
        raise DefinitionError(f"{name}: not valid TOML: {error}") from error


def _check_needed(enumerations: Mapping[str, Enumeration], file: str) -> None:
    for key, names in NEEDED_NAMES.items():
        for name in names:
            if key not in enumerations or name not in enumerations[key].names.values():
                raise DefinitionError(f"{file}: enumeration.{key} with the name {name} is needed in one of the files")


def _enumerations(
    before: Mapping[str, Enumeration], tables: Iterable[TomlTable], left_out: Provenance | None
) -> dict[str, Enumeration]:
    merged = {**before}
    for table in tables:
        merged = overlay_enumerations(merged, parse_enumerations(table, left_out))
    return merged


def _laid_over(before: Definition, tables: Iterable[TomlTable], left_out: Provenance | None) -> Definition:
    merged = before
    for table in tables:
        merged = overlay_file(merged, parse_file(table, merged.enumerations, left_out))
    return merged
