"""The dissector under each Lua that Wireshark is built with: it loads, and finds the same frames and damage."""

import subprocess
from pathlib import Path

import pytest

from sniffer.core.wire.items import Chunk
from tests.commands.wireshark.helpers import INBOUND, OUTBOUND, Desk, line_of, packet
from tests.core.protocol.helpers import KNOWN
from tests.filter.helpers import records
from tests.tools import need

STUB = Path(__file__).with_name("stub.lua")
WAYS = {OUTBOUND: 0, INBOUND: 1}
STREAM = b"\1\2\3" + b"".join(known.raw + known.raw[:-1] + b"\xee" for known in KNOWN.values()) + b"\xaa\1"
RECORDS = records(Chunk(STREAM, 0))[:-1]


@pytest.mark.parametrize("version", ["5.2", "5.3", "5.4"])
def test_each_lua_gives_the_same_lines(tmp_path, version):
    packets = [packet(record) for record in RECORDS]
    lines = "".join(f"{WAYS.get(flags, -1)} {bytes(12).hex()}{raw.hex()}\n" for flags, _, raw in packets)
    done = subprocess.run(
        [need(f"lua{version}"), STUB, Desk(tmp_path).lua], input=lines, capture_output=True, text=True, timeout=60
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [line_of(record) for record in RECORDS]
    assert sum(line.startswith("noise crc") for line in done.stdout.splitlines()) == len(KNOWN)
