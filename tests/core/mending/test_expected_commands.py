"""The digits of the commands that a frame of some size is expected to have."""

from sniffer.core.mending.expected_commands import ExpectedCommands
from sniffer.core.mending.frame_mender import mend_frame
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.links import DBUS, PWRBOARD

EXPECTED = ExpectedCommands(packaged_definition().commands)


def test_it_has_the_digits_of_all_commands_with_frames_of_this_size() -> None:
    assert EXPECTED.find(PWRBOARD, b"\xaa", 11) == {6: {0, 2}, 7: {1, 0xC}}
    assert EXPECTED.find(DBUS, b"\xff\x6a\xa6", 11)[14] == {0, 5}


def test_of_a_size_that_no_known_frame_has_nothing_is_expected() -> None:
    assert EXPECTED.find(PWRBOARD, b"\xaa", 99) == {}
    assert ExpectedCommands().find(PWRBOARD, b"\xaa", 11) == {}


def test_a_known_command_is_more_likely_than_another() -> None:
    text = "AA 00 54 26 04 00 00 02 00 9E 6E"
    plain, expecting = (mend_frame(text, PWRBOARD, b"\xaa", commands=one) for one in (ExpectedCommands(), EXPECTED))
    assert [found.raw.hex() for found in expecting.found] == ["aa00542c04000002009e6e"]
    assert expecting.weight < plain.weight / 4


def test_another_command_is_read_as_it_is_printed() -> None:
    raw = PWRBOARD.build(b"\xaa", 7, 0x77, bytes(4))
    text = raw.hex(" ").upper().replace("0", "O", 1)
    assert [found.raw for found in mend_frame(text, PWRBOARD, b"\xaa", commands=EXPECTED).found] == [raw]
