"""Helpers for the tests of definition files: a file of TOML, parsed or refused."""

import tomllib
from typing import Any

import pytest

from sniffer.base.errors import DefinitionError
from sniffer.base.toml_table import TomlTable
from sniffer.core.protocol.definition import Field, Role
from sniffer.core.protocol.enumeration import Provenance
from sniffer.core.protocol.parsers.definition_parser import ParsedFile, parse_file
from sniffer.core.protocol.parsers.field_parser import parse_line_fields
from sniffer.core.protocol.parsers.layout_parser import parse_layout
from sniffer.core.wire.links import PACKAGED
from tests.core.protocol.helpers import DEFINITION

COMMAND = """
[[command]]
link = "pwrboard"
direction = "com>pwr"
code = 0x77
name = "mine"
summary = "is {a}"
fields = [{ name = "a", size = 1 }]
"""


def table(text: str) -> TomlTable:
    return TomlTable("my.toml", tomllib.loads(text))


def parse(text: str, left_out: Provenance | None = Provenance.USER) -> ParsedFile:
    return parse_file(table(text), DEFINITION.enumerations, PACKAGED, left_out)


def refuse(text: str, left_out: Provenance | None = Provenance.USER) -> str:
    with pytest.raises(DefinitionError) as caught:
        parse(text, left_out)
    return str(caught.value)


def parse_fields(*fields: dict[str, Any], role: Role | None = None, in_line: bool = False) -> tuple[Field, ...]:
    """Return the fields of a command, or of a log line with `in_line`. Each is a byte, `a`, but for what it states."""
    entry = TomlTable("my.toml: command 1", {"fields": [{"name": "a", "size": 1} | field for field in fields]})
    if in_line:
        found, positions = parse_line_fields(entry, DEFINITION.enumerations, role)
    else:
        layout = parse_layout(entry, DEFINITION.enumerations, role, "big")
        found, positions = layout.fields, {**layout.positions}
    assert positions == {field.name: index for index, field in enumerate(found)}
    return found


def refuse_fields(*fields: dict[str, Any], role: Role | None = None, in_line: bool = False) -> str:
    with pytest.raises(DefinitionError) as caught:
        parse_fields(*fields, role=role, in_line=in_line)
    return str(caught.value)
