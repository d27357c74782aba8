"""A text that was made from bytes and does not show them is named, with the command that prints them."""

import base64
import subprocess
from collections.abc import Callable

import pytest

from sniffer.formats.text_files.text_misfit import (
    describe_misfit,
    is_checksum_list,
    is_encoded,
    is_network_dump,
    is_of_other_kind,
)
from tests.tools import need

DATA = bytes.fromhex("BBDDDD3206592A596859AD6BBC") * 3


@pytest.mark.parametrize(("command", "what"), [("od -a", "`od -a`"), ("od -t fF", "dump of numbers")])
def test_a_dump_without_bytes_is_named_with_the_command_that_prints_them(command: str, what: str) -> None:
    words = command.split()
    need(words[0])
    shown = subprocess.run(words, input=DATA, capture_output=True, check=True).stdout.decode()
    said = describe_misfit(shown.splitlines())
    assert what in said
    assert "xxd" in said


@pytest.mark.parametrize("lines", [[], ["hello"], ["0000000 hello world"]])
def test_of_other_texts_nothing_is_known(lines: list[str]) -> None:
    assert describe_misfit(lines) == ""


def test_a_trace_without_bytes_is_named() -> None:
    line = "0.000 ( 0.005 ms): app/1 read(fd: 3</dev/ttyUSB0>, buf: 0x7ffc2, count: 13) = 13"
    assert "-xx" in describe_misfit([line])


@pytest.mark.parametrize("encode", [base64.b32encode, base64.b64encode])
def test_a_text_in_another_encoding_is_named(encode: Callable[[bytes], bytes]) -> None:
    text = encode(DATA + bytes(200)).decode()
    lines = [text[at : at + 76] for at in range(0, len(text), 76)]
    assert is_encoded(lines)
    assert "decode it first" in describe_misfit(lines)


@pytest.mark.parametrize("lines", [[], ["bbdddd3206592a596859", "ad6bbc"], ["hello"], ["A" * 20, "hello world"]])
def test_other_lines_are_not_encoded(lines: list[str]) -> None:
    assert not is_encoded(lines)


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("> 2026/11/30 04:50:53.000132466  length=13 from=0 to=12", "socat -x -v"),
        ("M-;^@^@2^FY^DYHYM-^\\uM-D", "xxd"),
    ],
)
def test_characters_in_place_of_bytes_are_named(line: str, instead: str) -> None:
    assert instead in describe_misfit([line])


PACKET = ["08:59:48.1 IP 10.0.0.5.4001 > 10.0.0.9.5000: UDP, length 13", "\t0x0000:  4500 0029 1c46 4000"]
CHECKSUMS = [f"{'0123456789abcdef' * 4}  {name}" for name in ("a.bin", "b.bin")]


def test_packets_with_headers_are_named() -> None:
    assert is_network_dump(PACKET)
    assert is_of_other_kind(PACKET)
    assert not is_network_dump(PACKET[1:])
    assert "tshark" in describe_misfit(PACKET)


def test_checksums_are_named() -> None:
    assert is_checksum_list(CHECKSUMS)
    assert is_of_other_kind(CHECKSUMS)
    assert not is_of_other_kind(["BB DD"])
    assert not is_checksum_list([*CHECKSUMS, "BB DD"])
    assert "checksums" in describe_misfit(CHECKSUMS)


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        (["Id,Time[ns],0:UART,Id,Time[ns],1:UART", "0,0.0,BB,0,1.0,AA"], "--join"),
        (["time,l1,l2", "0,10,12", "1,11,13"], "table of numbers"),
    ],
)
def test_tables_without_one_column_of_bytes_are_named(lines: list[str], what: str) -> None:
    assert what in describe_misfit(lines)
