"""A telnet port is recognised by the beginning of a connection, and the bus never is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.core.wire.crc import crc16
from sniffer.sources.telnet_detector import TelnetDetector
from tests.known_frames import KNOWN_FRAMES

SER2NET = bytes.fromhex("FFFB03 FFFD03 FFFB01 FFFE01 FFFD00 FFFB00 FFFD2C")
PYSERIAL = bytes.fromhex("FFFB01 FFFB03 FFFD00 FFFB2C")


def dbus(payload: bytes) -> bytes:
    """Return a dbus frame with this payload."""
    checked = b"\xff\xff" + (len(payload) + 4).to_bytes(2, "big") + b"\x00\x21" + payload
    return b"\xff\x6a\xa6" + checked + crc16(checked).to_bytes(2, "big")


def is_telnet(*reads: bytes) -> bool:
    detector = TelnetDetector()
    return True in [detector.feed(read) for read in reads]


ONE = bytes.fromhex("FFFB01")
RARE = bytes.fromhex("FFFE06 FFFC05")
"""Negotiations by none of which servers begin."""


@pytest.mark.parametrize("greeting", [SER2NET, PYSERIAL, SER2NET[:6], RARE, ONE, b"\xff\xfd\x1f"])
def test_what_servers_begin_with_is_telnet(greeting):
    assert is_telnet(greeting + KNOWN_FRAMES[0].raw)


def test_one_negotiation_is_enough_before_anything_arrives():
    assert is_telnet(ONE)
    assert is_telnet(ONE[:1], ONE[1:2], ONE[2:])
    assert not is_telnet(RARE[:3])


@given(st.binary(max_size=20), st.data())
def test_the_answer_does_not_depend_on_the_reads(rest, data):
    stream = data.draw(st.sampled_from([SER2NET[:3], SER2NET, RARE, RARE[:3], KNOWN_FRAMES[0].raw])) + rest
    cuts = sorted(data.draw(st.sets(st.integers(0, len(stream)))))
    reads = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert is_telnet(*reads) == is_telnet(stream)


def test_it_is_reported_once_and_only_at_the_beginning():
    detector = TelnetDetector()
    assert [detector.feed(RARE[:3]), detector.feed(RARE[3:]), detector.feed(RARE)] == [False, True, False]
    assert not is_telnet(b"\x00", SER2NET)


@pytest.mark.parametrize(
    "stream",
    [
        b"",
        *(known.raw for known in KNOWN_FRAMES),
        dbus(SER2NET),
        # From here on: the connection begins in the middle of a frame.
        dbus(bytes.fromhex("FFFB07 AA"))[9:],
        dbus(bytes.fromhex("FFFC03 AA"))[9:],
        dbus(bytes.fromhex("FFFBFFFBFFFB"))[9:],
        bytes.fromhex("FFFB06 FF6AA6FFFF0005002100 9C18"),
        bytes.fromhex("FFFE03 AAFFFFFF0200FF85C0"),
        bytes.fromhex("FFFBC8 FFFB03"),
        b"\0" + ONE,
        ONE[:2],
    ],
)
def test_the_bus_is_not_telnet(stream):
    assert not is_telnet(stream)


@given(st.integers(0, 400), st.integers(0, 400))
def test_no_place_at_which_a_connection_may_begin_is_telnet(start, end):
    line = b"".join(known.raw for known in KNOWN_FRAMES)
    assert not is_telnet(line[start:end])
