"""Commands in filters: the digits mean the link that shows as many, and a name means its commands."""

import pytest

from sniffer.core.wire.links import DBUS, PWRBOARD
from sniffer.filter.command_values import CommandType, FrameCommand
from sniffer.filter.tokens import Word
from tests.core.protocol.helpers import DEFINITION
from tests.filter.helpers import error_of

ON_PWRBOARD = FrameCommand(PWRBOARD, 1, "status report")
ON_DBUS = FrameCommand(DBUS, 1, None)


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("command reprot", "`reprot` is not a command: its hexadecimal digits, or its name", "reprot"),
        ("command 12345", "`12345` is not a command: its hexadecimal digits, or its name", "12345"),
        ('command "status reprot"', "did you mean status report", '"status reprot"'),
        ("command < parameter", "`parameter` is not a command", "parameter"),
    ],
)
def test_what_is_no_command_is_refused(text: str, message: str, place: str) -> None:
    error, marked = error_of(text)
    assert message in error
    assert marked == place


@pytest.mark.parametrize(
    ("operator", "word", "on_pwrboard", "on_dbus"),
    [
        ("==", "01", True, False),
        ("==", "0001", False, True),
        ("==", "0x1", True, True),
        ("==", "0x01", True, True),
        ("==", "0x0001", True, True),
        ("==", "001", True, True),
        ("==", "02", False, False),
        (">", "00", True, False),
        ("<=", "0x1", True, True),
        ("<", "0x1", False, False),
        ("==", "Status Report", True, False),
        ("~", "report", True, False),
        ("~", "001", False, True),
    ],
)
def test_digits_mean_a_link_and_a_code(operator: str, word: str, on_pwrboard: bool, on_dbus: bool) -> None:
    matches = CommandType(DEFINITION).build_predicate(operator, Word(word, 0, len(word)))
    assert (matches(ON_PWRBOARD), matches(ON_DBUS)) == (on_pwrboard, on_dbus)


def test_the_largest_code_is_accepted() -> None:
    assert CommandType(DEFINITION).build_predicate("==", Word("FFFF", 0, 4))(FrameCommand(DBUS, 0xFFFF, None))
    assert error_of("command 0x10000")[1] == "0x10000"


def test_codes_are_shown_in_the_digits_of_their_link() -> None:
    assert (ON_PWRBOARD.digits, ON_DBUS.digits) == ("01", "0001")
