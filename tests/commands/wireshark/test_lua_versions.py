"""The dissector under each Lua that Wireshark is built with: it loads, and finds the same frames and damage."""

import subprocess

import pytest

from sniffer.config.definition_files import load_definition
from sniffer.core.protocol.loader import list_boards
from sniffer.core.wire.items import Chunk
from tests.commands.wireshark.helpers import Dissection, line_of, run_lua
from tests.core.protocol.every_type import load_every_type
from tests.core.protocol.helpers import KNOWN
from tests.filter.helpers import records
from tests.tools import need

VERSIONS = ["5.2", "5.3", "5.4"]
STREAM = b"\1\2\3" + b"".join(known.raw + known.raw[:-1] + b"\xee" for known in KNOWN.values()) + b"\xaa\1"
RECORDS = records(Chunk(STREAM, 0))[:-1]


@pytest.mark.parametrize("version", VERSIONS)
def test_each_lua_gives_the_same_lines(tmp_path, version):
    lines = run_lua(version, Dissection(tmp_path), RECORDS)
    assert lines == [line_of(record) for record in RECORDS]
    assert sum(line.startswith("noise crc") for line in lines) == len(KNOWN)


@pytest.mark.parametrize("version", VERSIONS)
def test_each_lua_compiles_the_dissector_of_every_board_and_every_type(tmp_path, version):
    for definition in (load_definition([*list_boards()]), load_every_type()):
        done = subprocess.run(
            [need(f"luac{version}"), "-p", Dissection(tmp_path, definition).lua],
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert (done.returncode, done.stderr) == (0, "")
