"""The parts of a payload as they are written: like the entries that they were read from."""

from typing import Any

import pytest

from sniffer.core.protocol.definition_writer import build_payload_entries
from tests.core.protocol.helpers import DEFINITION
from tests.core.protocol.layout.helpers import load_command

BYTE: dict[str, Any] = {"name": "n", "size": 1, "provenance": "user"}
BIT: dict[str, Any] = {"name": "x", "provenance": "user", "at": 2}


@pytest.mark.parametrize(
    "tables",
    [
        [BYTE, {"name": "l", "type": "list", "count": "n", "most": 3, "item": {"size": 2, "provenance": "user"}}],
        [BYTE, {"name": "t", "size": "n", "type": "gbk", "provenance": "user"}],
        [BYTE, {"name": "t", "size": 1, "provenance": "user", "optional": True}],
        [{"name": "b", "type": "bits", "size": 1, "order": "big", "bits": [BIT]}],
        [{"name": "l", "type": "list", "count": 2, "fields": [BYTE, {"switch": "n", "cases": [
            {"values": 1, "flat": True, "fields": [{"name": "v", "size": 1, "provenance": "user"}]},
            {"values": [2, 3], "fields": [BYTE | {"name": "w"}]}], "otherwise": []}]}],
    ],
)  # fmt: skip
def test_parts_are_written_as_they_were_read(tables: list[dict[str, Any]]) -> None:
    _, command = load_command(tables)
    found = [
        {key: value for key, value in entry.items() if value is not None}
        for entry in build_payload_entries(command, DEFINITION.enumerations)
    ]
    assert found == tables
