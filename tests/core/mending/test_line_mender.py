"""Mending the lines of a log."""

import pytest

from sniffer.core.mending.line_mender import LineMender
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.links import COM_TO_OCPP, COM_TO_PWR, OCPP_TO_COM, PWR_TO_COM
from sniffer.formats.charger_log import parse_line
from tests.known_frames import KNOWN_FRAMES

KNOWN = {known.name: known.raw for known in KNOWN_FRAMES}
TIME = "2023-11-30T00:00:49+0000"


def mend(*lines: str) -> LogLine | None:
    """Return the last of these lines as mended."""
    mender = LineMender(packaged_definition())
    return [mender.mend(parse_line(line)) for line in lines][-1]


@pytest.mark.parametrize(
    ("line", "route"),
    [
        ("<=pwrboard:BB DD DD 32 06 59 2A 59 €8 59 AD €B BC", PWR_TO_COM),
        ("<=pwzboard BB DD DD 32 06 59 2A 59 €8 59 AD €B BC", PWR_TO_COM),
        ("=>pwrboard:AA €1 D9 01 04 01 03 E7 00 €3 49", COM_TO_PWR),
        ("<\u2018Dbus FF €A A6 €4 41 00 04 [00 00] F1 75", COM_TO_OCPP),
        ("=>0bus:FF 6A A€ 00 5S4 00 0€ [00 2D] 02 00 A7 4cC", OCPP_TO_COM),
        ("wrboard:BB DD DD 32 06 59 2A 59 68 59 AD 6B BC", PWR_TO_COM),
        ("\u2018pwrboard:B8 DD DD 32 06 59 2A 59 €8 59 AD €B BC", PWR_TO_COM),
        ("owrboard: AA €1 D9 01 04 01 03 E7 00 €3 49", COM_TO_PWR),
        ("= >pwrboard:AA €1 D9 01 04 01 03 E7 00 €3 49", COM_TO_PWR),
        ("=Dbus FF €A A6 €4 41 00 04 [00 00] F1 75", COM_TO_OCPP),
        ("Dbus:FF 6A A6 64 41 00 04 [00 00] F1 75", COM_TO_OCPP),
        ("sspwrboard:AA €1 D9 01 04 01 03 E7 00 €3 49", COM_TO_PWR),
    ],
)
def test_a_frame_is_mended_on_the_route_of_its_arrow(line, route):
    found = mend(f"717 {TIME} [comproc] {line}")
    assert found
    assert found.route is route
    assert found.frame in KNOWN.values()
    assert (found.process, found.number) == ("comproc", 717)
    assert found.mended
    assert found.mended.as_read == line
    assert all(found.mended.as_read[one.at : one.at + len(one.read)] == one.read for one in found.mended.characters)


def test_a_line_without_a_time_stamp_keeps_its_process():
    found = mend("[ocpp)] =>Dbus:FF 6A A6 FF FF 00 05 [00 21] 00 SC 18")
    assert found
    assert (found.time, found.process, found.frame) == (None, "ocpp", KNOWN["charge point information answer"])


@pytest.mark.parametrize(
    "line",
    [
        "=Dbus FF €A A6 €4 41 00 05 [A0 00] 00 F1 CF",
        "=>other:FF €A A6 €4 41 00 04 [00 00] F1 75",
        "pwrboard:88 DD DD 32 06 59 2A 59 68 59 AD 6B BC",
        "board:BB DD DD 32 06 59 2A 59 68 59 AD 6B BC",
        "Dbus:FF 6A A6 64 41 00 05 [A0 00] 00 F1 CF",
    ],
)
def test_a_frame_without_a_certain_route_is_left(line):
    assert mend(f"{TIME} [ocpp] {line}") is None


def test_known_words_are_mended():
    found = mend(f"719 {TIME} [comproc] pwrCom error Code yol:4,8,9")
    assert found
    assert found.text == "pwrCom error Code vol:4,8,9"
    assert found.mended
    assert (found.mended.as_read, found.mended.chance) == ("pwrCom error Code yol:4,8,9", None)


def test_the_name_of_a_process_is_mended_on_a_line_that_is_not_known():
    found = mend(f"722 {TIME} [compzoc] 2C 04 00")
    assert found
    assert (found.process, found.text) == ("comproc", "2C 04 00")


def test_a_record_with_a_misread_time_is_one_whatever_its_text():
    found = mend(f"717 {TIME} [comproc] Com boot!", "2024 -04-03T16: 37:01+0900 [ocpp] any text")
    assert found
    assert (found.time, found.process, found.text, found.continues) == (1712129821 * 10**9, "ocpp", "any text", False)
    assert found.mended
    assert found.mended.as_read == "2024 -04-03T16: 37:01+0900 [ocpp] any text"


@pytest.mark.parametrize(
    "line",
    [
        "[ocpp]: =>Dbus:FF 6A AG 61 D9 00 04 [00 01] B8 95",
        "_ 725, 2O23-11-36T0O: 06:49 Locpp] =>Dbus:FF 6A AG 61 D9 00 04 [00 01] B8 95",
        "2023-11-30T00:00:49+0000 [ocpp] =>Dbus:FF 6A AG 61 D9 00 04 [00 01] B8 95 . ee : a Poe",
    ],
)
def test_a_frame_is_found_between_what_is_not_readable(line):
    found = mend(line)
    assert found
    assert found.frame == bytes.fromhex("FF6AA661D900040001B895")
    assert found.mended
    assert line.endswith(read := found.mended.as_read)
    assert all(read[one.at : one.at + len(one.read)] == one.read for one in found.mended.characters)


def test_a_wrapped_frame_is_joined_over_several_lines():
    found = mend(
        f"{TIME} [comproc] =>pwrboard:AA €4 41 00 22 00 00 02 00 00 00 00 00 00 31 3",
        "0 34 32 37 32 34 30 00 00 00 00 OO 00 00 00 00 00 00 00 00",
        "00 00 00 00 EA BF",
    )
    assert found
    assert found.frame == KNOWN["second announcement answer"]
    assert found.mended
    read = found.mended.as_read
    assert read.startswith("=>pwrboard:AA €4")
    assert all(read[one.at : one.at + len(one.read)] == one.read for one in found.mended.characters)


def test_a_frame_in_two_columns_is_joined():
    found = mend(
        f"{TIME} [ocpp] =>Dbus:FF €A A6 00 54",
        f"{TIME} [ocpp] =>Dbus:FF €A A€ €61 D9",
        "Convert 2097672 from DEC to HEX",
        "00 06 [00 2D] 02 00 A7 4cC",
    )
    assert found
    assert found.frame == KNOWN["acceptance"]
    assert found.mended
    assert found.mended.tried <= 8192


def test_several_readings_that_fit_are_listed_and_none_is_chosen():
    line = "<=pwrboard:BB DD DD 32 06 ☃9 2A ☃9 68 59 AD 6B BC"
    found = mend(f"{TIME} [comproc] {line}")
    assert found
    assert found.frame is None
    assert found.text == line
    assert found.mended
    assert len(found.mended.readings) == 2
    assert KNOWN["phase voltages"] in found.mended.readings


@pytest.mark.parametrize(
    "text", ["", "Aa rEA ARY Aa AN", "code list", "\ud800", "=>", "<=Dbus:", "=>pwrboard:" + "F" * 70_000]
)
def test_other_lines_are_left(text):
    assert mend(text) is None
    assert mend(f"{TIME} [ocpp] {text}") is None
