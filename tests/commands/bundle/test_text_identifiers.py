"""Identifiers in lines of text, and what only looks like one."""

import pytest

from sniffer.commands.bundle.identifier_kinds import IdentifierKind
from sniffer.commands.bundle.text_identifiers import find_in_text
from tests.paths import CAPTURES


def found(text: str) -> list[tuple[str, IdentifierKind]]:
    """Return the identifiers in the text with their kinds."""
    return [(text[start:end], kind) for start, end, kind in find_in_text(text)]


@pytest.mark.parametrize(
    ("text", "identifier", "kind"),
    [
        ("cpid = 10427240,evseNum = 1", "10427240", IdentifierKind.CHARGE_POINT),
        ('=>CSMS:[2,"1","Authorize",{"idTag":"04A1B2C3"}]', "04A1B2C3", IdentifierKind.CARD),
        ('[2,"1","Authorize",{ "idTag" : "04 A1 B2 C3" }]', "04 A1 B2 C3", IdentifierKind.CARD),
        ('{\\"idTag\\":\\"04A1B2C3\\"}', "04A1B2C3", IdentifierKind.CARD),
        ('[2,"1","Authorize",{"idTag":"04A1B', "04A1B", IdentifierKind.CARD),
        ("card id: 77001", "77001", IdentifierKind.CARD),
        ('[2,"1","Authorize",{"idTag":"DEAD"}]', "DEAD", IdentifierKind.CARD),
        ('"idTagInfo":{"parentIdTag":"Jane Doe"}', "Jane Doe", IdentifierKind.CARD),
        ('"idTag":"x"', "x", IdentifierKind.CARD),
        ("idTag=DEADBEEF", "DEADBEEF", IdentifierKind.CARD),
        ("card FACEBABE swiped", "FACEBABE", IdentifierKind.CARD),
        ('"chargePointSerialNumber":"ABC"', "ABC", IdentifierKind.SERIAL),
        ('"password":"p"', "p", IdentifierKind.SECRET),
        ("cpid = 7", "7", IdentifierKind.CHARGE_POINT),
        ("SN:AB-1234", "AB-1234", IdentifierKind.SERIAL),
        ("ICCID=89490200001234567890", "89490200001234567890", IdentifierKind.SIM),
        ("modem 490154203237518 ready", "490154203237518", IdentifierKind.SIM),
        ('{"key":"AuthorizationKey","value":"hunter2"}', "hunter2", IdentifierKind.SECRET),
        ('{"key":"WifiSsid","readonly":false,"value":"Smith home"}', "Smith home", IdentifierKind.NETWORK),
        ("connect to wss://cs.example.com:443/ocpp/CP7 now", "cs.example.com:443/ocpp/CP7", IdentifierKind.URL),
        ('"location":"ftp:\\/\\/bob:pw@192.0.2.1\\/logs"', "bob:pw@192.0.2.1\\/logs", IdentifierKind.URL),
        ("resolving cs.example.com failed", "cs.example.com", IdentifierKind.HOST),
        ("mail to jane.doe@example.org", "jane.doe@example.org", IdentifierKind.USER),
        ("opened /home/jane/tap.log", "jane", IdentifierKind.USER),
        ("user=jane, logged in", "jane", IdentifierKind.USER),
        ("Interface: eth0 IP: 192.0.2.11", "192.0.2.11", IdentifierKind.IP),
        ("from 2001:db8::17 port 1", "2001:db8::17", IdentifierKind.IP),
        ("HWaddr 00:1A:2b:3c:4D:5e up", "00:1A:2b:3c:4D:5e", IdentifierKind.MAC),
        ("mac 00-1a-2b-3c-4d-5e", "00-1a-2b-3c-4d-5e", IdentifierKind.MAC),
        ("mac: 001a2b3c4d5e", "001a2b3c4d5e", IdentifierKind.MAC),
        ('{"value":"hunter2","key":"AuthorizationKey"}', "hunter2", IdentifierKind.SECRET),
        ('{"idTag":"A\\"B9988","x":"y"}', 'A\\"B9988', IdentifierKind.CARD),
        ('{"data":"{\\"idTag\\":\\"CARD55\\"}"}', "CARD55", IdentifierKind.CARD),
        ("idTag is CARD4711", "CARD4711", IdentifierKind.CARD),
        ("id tag: CARD4712", "CARD4712", IdentifierKind.CARD),
        ("card 04A2B3C4D5E6F7 swiped", "04A2B3C4D5E6F7", IdentifierKind.CARD),
        ("rfid uid [04 99 88 77 66]", "04 99 88 77 66", IdentifierKind.CARD),
        ("S/N: 30000011", "30000011", IdentifierKind.SERIAL),
        ("serial number is 30000012", "30000012", IdentifierKind.SERIAL),
        ("mac aabbcc445566 up", "aabbcc445566", IdentifierKind.MAC),
        ('ssid "Smith home 5G"', "Smith home 5G", IdentifierKind.NETWORK),
        ("Authorization: Basic am9lOmh1bnRlcg==", "am9lOmh1bnRlcg==", IdentifierKind.SECRET),
        ("sent Bearer eyJhbGciOi1.abc", "eyJhbGciOi1.abc", IdentifierKind.SECRET),
        ("phone +49 170 1234567", "+49 170 1234567", IdentifierKind.USER),
        ("from +491701234567", "+491701234567", IdentifierKind.USER),
        ("/dev/serial/by-id/usb-FTDI_FT232R_A50285BI-if00-port0: unplugged", "usb-FTDI_FT232R_A50285BI-if00-port0",
         IdentifierKind.PORT),
    ],
)  # fmt: skip
def test_an_identifier_is_found(text: str, identifier: str, kind: IdentifierKind) -> None:
    assert found(text) == [(identifier, kind)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "icomCode = 4,index=3",
        "pwrCom error Code vol:4,8,9",
        "ocpp error Code :14,2097672",
        "ICCID=+CME ERROR: SIM failure",
        "APN=",
        '"firmwareVersion": "1.0.0.0.7b107_MG", "iccid": "", "imsi": ""',
        "firmware 1.2.3.4",
        "listening on 127.0.0.1 and 0.0.0.0 and ::1",
        "2026-01-15T08:59:48.000Z 12:34:56",
        '[3,"msg001",{"status":"Accepted","idTagInfo":{"status":"Invalid"}}]',
        '"measurand":"Energy.Active.Import.Register","location":"Outlet"',
        "BB DD DD 32 06 59 2A 59 68 59 AD 6B BC",
        "connId:1,connectorType:1,meterval:223710,AC_voltage_A:241.5",
        "login: failed",
        "idTag: missing",
        '"idTag":"none","uid":""',
        "Basic authentication failed",
        "card reader ready, tag removed, user logged out",
        "serial 115200 baud, rfid 2 of 3",
        "offset +12 34 56, L1 +230 231 232",
        '{"value":"900","key":"HeartbeatInterval"}',
        "Charging.is in read.me",
    ],
)
def test_what_identifies_nothing_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_overlapping_identifiers_are_one() -> None:
    assert found("user=jane@example.com") == [("jane@example.com", IdentifierKind.USER)]
    assert found("url: ws://192.0.2.1/cp?mac=00:1A:2B:3C:4D:5E x") == [
        ("192.0.2.1/cp?mac=00:1A:2B:3C:4D:5E", IdentifierKind.URL)
    ]


def test_a_very_long_line_is_searched_in_bounded_time() -> None:
    for text in ("a" * 1_000_000, "1." * 100_000, '"key":"' * 20_000, "a-" * 100_000, "192.0.2.1 " * 20_000):
        assert isinstance(find_in_text(text), list)


def test_the_samples_hold_ids_serial_numbers_and_addresses_only() -> None:
    kinds = {
        kind
        for name in ("registration.log", "starcharge-idle.log", "undervoltage.log")
        for line in (CAPTURES / name).read_text("utf-8").splitlines()
        for _, kind in found(line)
    }
    assert kinds == {IdentifierKind.CHARGE_POINT, IdentifierKind.SERIAL, IdentifierKind.IP}
