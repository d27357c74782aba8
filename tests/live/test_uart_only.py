"""A tap on the UART alone: no `dbus` and no text log, and still all that the power board says is known."""

import time

import pytest

from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.conversions import Value
from sniffer.core.protocol.loader import packaged_definition
from tests.live.helpers import Line, Tap

CODEC = Codec(packaged_definition())
STATUS_REPORT = bytes.fromhex("BB A9 C0 01 0B 01 01 06 00 00 00 00 00 09 2E 25 77 B0")
METER_VALUES = bytes.fromhex(
    "BB EE EE 04 1E 01 63 57 00 00 61 09 01 00 00 00 00 00 2E 00 01 61 09 01 00 00 00 00 00 00 00 00 00 00 00 97 A7"
)
AVAILABILITY = bytes.fromhex("AA 96 DC 0F 02 01 01 6B BF"), bytes.fromhex("BB 96 DC 0F 03 01 01 00 8C EB")
PERIOD = 0.4
"""Seconds between announcements here; the real board takes five."""


def announcement(sequence: int) -> bytes:
    command = CODEC.definition.command("announcement")
    texts: dict[str, Value] = {field.name: "" for field in command.fields}
    texts |= {"charge_point_vendor": "StarCharge", "charge_point_serial_number": "20000001", "firmware_version": "107"}
    return CODEC.encode(command, sequence, texts)


@pytest.mark.slow
def test_registration_is_pending_and_then_accepted() -> None:
    with Line() as line, Tap(line.port, "--baud", "115200") as tap:
        tap.wait_until_open(line.port)
        for turn in range(4):
            line.write(announcement(0x3458 + turn))
            line.write(
                CODEC.encode(
                    CODEC.definition.command("announcement answer"), 0x3458 + turn, {"charge_point_id": "1000"}
                )
            )
            time.sleep(PERIOD)
        booted, pending = [seen for seen in tap.until("registration") if seen["type"] == "event"][-2:]
        assert (booted["event"], booted["vendor"], booted["serial"]) == ("boot", "StarCharge", "20000001")
        assert (pending["state"], pending["announcements"]) == ("pending", 1)
        time.sleep(2 * PERIOD)
        line.write(STATUS_REPORT)
        accepted = tap.until("registration")[-1]
        assert (accepted["state"], accepted["announcements"]) == ("accepted", 4)
        assert accepted["period"] == pytest.approx(PERIOD, rel=0.5)
        assert tap.interrupt() == (0, "")


def test_state_meter_temperatures_and_availability_are_known() -> None:
    with Line() as line, Tap(line.port, "--baud", "115200") as tap:
        tap.wait_until_open(line.port)
        line.write(STATUS_REPORT)
        status = tap.until("status")
        assert (status[-1]["connector"], status[-1]["to"], status[-1]["cp_voltage"]) == (1, "Preparing", 9)
        fields = status[0]["fields"]
        assert (fields["board_temperature"], fields["connector_temperature"]) == (46, 37)
        line.write(METER_VALUES)
        meter = tap.next_seen(1)[0]["fields"]
        assert (meter["energy"], meter["l1_voltage"], meter["l1_current"], meter["temperature"]) == (
            223710,
            240.1,
            0.01,
            46,
        )
        line.write(b"".join(AVAILABILITY))
        request, answer = tap.next_seen(2)
        assert (request["fields"]["availability"], answer["fields"]["result"]) == ("Operative", 0)
        assert answer["answers"]["number"] == request["number"]
        assert tap.interrupt() == (0, "")
