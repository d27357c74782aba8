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


@pytest.mark.parametrize("greeting", [SER2NET, PYSERIAL, SER2NET[:6]])
def test_what_servers_begin_with_is_telnet(greeting):
    assert is_telnet(greeting + KNOWN_FRAMES[0].raw)


@given(st.binary(max_size=20), st.data())
def test_the_answer_does_not_depend_on_the_reads(rest, data):
    stream = data.draw(st.sampled_from([SER2NET[:3], SER2NET, PYSERIAL, KNOWN_FRAMES[0].raw])) + rest
    cuts = sorted(data.draw(st.sets(st.integers(0, len(stream)))))
    reads = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert is_telnet(*reads) == is_telnet(stream)


def test_it_is_reported_once_and_only_at_the_beginning():
    detector = TelnetDetector()
    assert [detector.feed(SER2NET[:3]), detector.feed(SER2NET[3:]), detector.feed(SER2NET)] == [False, True, False]
    assert not is_telnet(b"\x00", SER2NET)


@pytest.mark.parametrize(
    "stream",
    [
        b"",
        *(known.raw for known in KNOWN_FRAMES),
        dbus(SER2NET),
        # From here on: the connection begins in the middle of a frame.
        dbus(bytes.fromhex("FFFB03 AA"))[9:],
        dbus(bytes.fromhex("FFFBFFFBFFFB"))[9:],
        bytes.fromhex("FFFB03 FF6AA6FFFF0005002100 9C18"),
        bytes.fromhex("FFFB03 AAFFFFFF0200FF85C0"),
        bytes.fromhex("FFFBC8 FFFB03"),
    ],
)
def test_the_bus_is_not_telnet(stream):
    assert not is_telnet(stream)


@given(st.integers(0, 400), st.integers(0, 400))
def test_no_place_at_which_a_connection_may_begin_is_telnet(start, end):
    line = b"".join(known.raw for known in KNOWN_FRAMES)
    assert not is_telnet(line[start:end])
