"""The dialogue of the extcap interface: ports to choose from, and what is chosen to begin with."""

import re

import pytest

from sniffer.base.errors import SourceError
from sniffer.commands.wireshark import extcap_dialog
from sniffer.commands.wireshark.extcap_dialog import list_arguments, list_values
from sniffer.simulator.scenarios import SCENARIOS
from sniffer.sources.serial.discovery import Port

FTDI = Port("/dev/ttyUSB0", "FT232R", "FTDI", "0403:6001", "/dev/serial/by-id/usb-FTDI", known_by="serial number 7")
BUSY = Port("/dev/ttyUSB1", trouble="in use by minicom")
HOSTILE = Port("/dev/ttyUSB2", "}\nvalue {arg=0}{value=x}", "\x1b]0;boo\a")


@pytest.fixture
def plugged(monkeypatch):
    """Return the list of the ports that are there, which a test fills."""
    ports: list[Port] = []
    monkeypatch.setattr(extcap_dialog, "list_serial_ports", lambda: ports)
    return ports


def values_of(sentences, number):
    """Return the values of an argument, with a star after the one that is chosen to begin with."""
    found = [re.fullmatch(r"value {arg=(\d)}{value=(.*?)}{display=.*?}(?:{default=(true)})?", one) for one in sentences]
    return [match[2] + ("*" if match[3] else "") for match in found if match and match[1] == str(number)]


def test_the_arguments_are_port_second_port_address_rate_and_definition(plugged):
    arguments = [sentence for sentence in list_arguments(9600) if sentence.startswith("arg ")]
    calls = [re.search(r"{call=(.*?)}.*{type=(.*?)}", argument) for argument in arguments]
    assert [match.groups() for match in calls if match] == [
        ("--port", "selector"),
        ("--second-port", "selector"),
        ("--address", "string"),
        ("--baud", "string"),
        ("--definition", "fileselect"),
    ]
    assert "{default=9600}" in arguments[3]
    assert any("{default=auto}" in sentence for sentence in list_arguments(None))
    assert ["{reload=true}" in argument for argument in arguments] == [True, True, False, False, False]


def test_the_first_free_port_is_chosen_by_the_name_that_stays(plugged):
    plugged += [BUSY, FTDI]
    demos = [f"demo:{scenario}" for scenario in SCENARIOS]
    assert values_of(list_arguments(None), 0) == ["/dev/ttyUSB1", "/dev/serial/by-id/usb-FTDI*", *demos]
    assert values_of(list_arguments(None), 1) == ["none*", "/dev/ttyUSB1", "/dev/serial/by-id/usb-FTDI"]


def test_what_a_port_is_and_who_holds_it_is_shown(plugged):
    plugged += [FTDI, BUSY]
    shown = "\n".join(list_values("port"))
    assert "{display=/dev/ttyUSB0: FT232R, FTDI, 0403:6001}" in shown
    assert "{display=/dev/ttyUSB1: in use by minicom}" in shown


def test_the_choices_of_one_argument_are_listed_again(plugged):
    before = list(list_values("port"))
    plugged.append(FTDI)
    assert list(list_values("port")) != before
    assert {sentence[:13] for sentence in list_values("port")} == {"value {arg=0}"}
    assert {sentence[:13] for sentence in list_values("second-port")} == {"value {arg=1}"}
    assert list(list_values("baud")) == []


def test_without_a_port_nothing_is_chosen_and_the_dialogue_says_why(plugged):
    assert values_of(list_values("port"), 0)[0] == "none*"
    assert "no serial port here" in next(iter(list_values("port")))


def test_ports_that_cannot_be_listed_are_reported_in_the_dialogue(monkeypatch):
    def fail():
        raise SourceError("the serial ports cannot be listed: no")

    monkeypatch.setattr(extcap_dialog, "list_serial_ports", fail)
    assert "{display=the serial ports cannot be listed: no}" in next(iter(list_values("port")))


def test_a_text_of_an_adapter_adds_no_sentence(plugged):
    plugged.append(HOSTILE)
    shown = list(list_values("port"))
    assert len(shown) == 1 + len(SCENARIOS)
    assert not set("\n\x1b\a") & set("".join(shown))
    assert values_of(shown, 0)[0] == "/dev/ttyUSB2*"


def test_a_port_whose_name_no_sentence_can_hold_is_not_offered(plugged):
    plugged.append(Port("/dev/tty}{0"))
    assert values_of(list_values("second-port"), 1) == ["none*"]
