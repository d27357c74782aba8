"""Proposals for commands with lists, bits and switches: what stands before them, their bits, and what is left out."""

import tomllib
from typing import Any

from sniffer.commands.learn.learner import Learner
from sniffer.commands.learn.proposal_file import format_proposals
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.wire.items import Chunk

BOARD = """\
[[link]]
name = "rack"
heads = { "rack>host" = "D3" }
length = { at = 1, adds = 3 }
payload = 2
check = { name = "sum" }

[[command]]
direction = "rack>host"
code = 0
name = "cells"
tells = "meter"
summary = "{count} cells: {cells}; {flags}"
fields = [
    { name = "unknown_0", size = 2, type = "unknown" },
    { name = "flags", type = "bits", size = 1, bits = [{ name = "hot", at = 0 }] },
    { name = "count", size = 1 },
    { name = "cells", type = "list", count = "count", most = 4, item = { size = 1 } },
    { name = "kind", size = 1 },
    { switch = "kind", cases = [{ values = 1, fields = [{ name = "extra", size = 1 }] }] },
]
"""


def learn(*payloads: bytes) -> tuple[list[dict[str, Any]], str]:
    """Return the commands that are proposed for these payloads, and the file."""
    definition = load(packaged_files(), [("rack.toml", BOARD)])
    learner = Learner(definition)
    learner.begin("rack.bin")
    pipeline = Pipeline(definition)
    for payload in payloads:
        raw = bytes([0xD3, len(payload)]) + payload
        learner.receive(pipeline.feed(Chunk(raw + bytes([sum(raw) % 256]))))
    text = format_proposals(learner.result(), definition)
    load(packaged_files(), [("rack.toml", BOARD), ("proposals.toml", text)])
    return tomllib.loads(text).get("command", []), text


def payload_of(index: int, flags: int = 0, kind: int = 1) -> bytes:
    """Return a payload with a counter, a constant byte, and one to three cells."""
    cells = [10, 11, 12][: 1 + index % 3]
    return bytes([index, 0x55, flags, len(cells), *cells, kind, 7])


def test_bytes_before_the_list_and_bits_are_proposed_and_all_else_is_restated() -> None:
    (entry,), text = learn(*(payload_of(index, 4 * (index % 5 == 0) + index % 2) for index in range(20)))
    assert [field.get("name") for field in entry["fields"]] == [
        *("counter_0", "unknown_1", "flags", "count", "cells", "kind", None)
    ]
    assert [(bit["name"], bit["at"]) for bit in entry["fields"][2]["bits"]] == [("hot", 0), ("bit_2", 2)]
    assert "cells, any number of bytes of payload: 20 frames" in text
    assert "flags, bit 2: set in 4 of 20, changed 7 times" in text
    assert "flags, bits 1, 3, 4, 5, 6, 7: did not change" in text
    assert entry["summary"] == "{count} cells: {cells}; {flags}"


def test_what_a_switch_does_not_know_is_reported() -> None:
    found, text = learn(*(payload_of(0, kind=9) for _ in range(10)))
    assert not found
    assert "left out: nothing is known of kind 9: 10 frames" in text
    assert "Not proposed: there is no evidence on what it does not know." in text
