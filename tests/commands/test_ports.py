"""The list of ports, for people and for scripts."""

import json
import sys

from sniffer.commands.ports import PortListing, format_json, format_table, list_ports
from sniffer.sources.serial.adapter import Adapter
from sniffer.sources.serial.discovery import Port
from sniffer.sources.serial.holders import Holder
from tests.sources.serial.helpers import Machine

BY_ID = "/dev/serial/by-id/usb-FTDI-if00"
FTDI = PortListing(
    Port("/dev/ttyUSB0", "FT232R USB UART", "FTDI", "0403:6001", BY_ID),
    Adapter("/dev/ttyUSB0", "ftdi_sio", "0403:6001", "A50285BI", "1-1.2:1.0", BY_ID, 16),
    ("/dev/evse-com", BY_ID),
    (Holder(41, "minicom"), Holder(0, "")),
    True,
)
BUILT_IN = PortListing(Port("/dev/ttyS0"), Adapter("/dev/ttyS0"), (), (), False)


watched: dict[str, list[object]] = {}


def note_open(event, details):
    if event == "open" and details[0] in watched:
        watched[details[0]].append(details)


sys.addaudithook(note_open)


def test_each_port_is_a_line_with_its_names_below():
    assert format_table([FTDI, BUILT_IN]).splitlines() == [
        "PORT          ADAPTER               USB        SERIAL    LOCATION   DRIVER    LATENCY  KNOWN BY       STATE",
        "/dev/ttyUSB0  FTDI FT232R USB UART  0403:6001  A50285BI  1-1.2:1.0  ftdi_sio  16 ms    serial number  "
        "in use by minicom (41), a program that cannot be seen",
        "              = /dev/evse-com",
        "              = /dev/serial/by-id/usb-FTDI-if00",
        "/dev/ttyS0    -                     -          -         -          -         -        -              "
        "no permission: `evse-sniff doctor` says what to do",
    ]


def test_each_port_is_one_json_object():
    first, second = map(json.loads, format_json([FTDI, BUILT_IN]))
    assert first == {
        "type": "port",
        "device": "/dev/ttyUSB0",
        "product": "FT232R USB UART",
        "manufacturer": "FTDI",
        "usb_ids": "0403:6001",
        "serial_number": "A50285BI",
        "location": "1-1.2:1.0",
        "driver": "ftdi_sio",
        "names": ["/dev/evse-com", BY_ID],
        "known_by": "serial number A50285BI",
        "latency_ms": 16,
        "holders": [{"pid": 41, "name": "minicom"}, {"pid": 0, "name": ""}],
        "permission": True,
    }
    assert (second["latency_ms"], second["holders"], second["permission"]) == (None, [], False)


def test_missing_ports_are_reported_with_advice():
    assert format_table([]).startswith("no serial port here: plug in ")
    assert list(format_json([])) == []


def test_what_an_adapter_or_a_program_says_of_itself_is_text_only():
    evil = "\x1b[2J"
    shown = PortListing(
        Port("/dev/ttyUSB0", evil, evil), Adapter(serial_number=evil), (evil,), (Holder(1, evil),), True
    )
    assert format_table([shown]).count(r"\x1b[2J") == 5
    assert "\x1b" not in format_table([shown]) + "".join(format_json([shown]))


def test_the_ports_of_a_machine_are_listed_and_none_is_opened(tmp_path, monkeypatch):
    machine = Machine(tmp_path, monkeypatch)
    device = machine.plug_usb("ttyUSB0", "0403:6001", "A1", "1-1.2:1.0", latency=1)
    (machine.dev / "evse-com").symlink_to(device)
    machine.run(41, "minicom", device)
    watched[device] = []
    (one,) = list_ports()
    assert (one.port.device, one.adapter.serial_number, one.adapter.latency_ms) == (device, "A1", 1)
    assert one.names == (str(machine.dev / "evse-com"),)
    assert one.holders == (Holder(41, "minicom"),)
    assert one.has_permission
    assert watched.pop(device) == [], "opening a port pulses DTR"
