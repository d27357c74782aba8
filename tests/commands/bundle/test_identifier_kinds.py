"""A field or key holds an identifier if its name says so; each kind of identifier has its placeholder."""

import pytest

from sniffer.commands.bundle.identifier_kinds import PREFIXES, IdentifierKind, kind_of_name
from tests.commands.convert.helpers import DEFINITION


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        ("cpid charge_point_id chargeBoxIdentity evseId CHARGER-ID", IdentifierKind.CHARGE_POINT),
        (
            "chargePointSerialNumber charge_box_serial_number meterSerialNumber SN serial serialNo",
            IdentifierKind.SERIAL,
        ),
        ("iccid IMSI imei", IdentifierKind.SIM),
        ("idTag parentIdTag id_tag idToken cardId card_number rfid UID emaid vin", IdentifierKind.CARD),
        ("user userName login", IdentifierKind.USER),
        ("password ftpPassword AuthorizationKey apiKey client_secret psk", IdentifierKind.SECRET),
        ("ssid APN", IdentifierKind.NETWORK),
        ("host hostname serverAddress csms_host", IdentifierKind.HOST),
        ("ocppUrl firmwareUri", IdentifierKind.URL),
        ("mac wifiMacAddress", IdentifierKind.MAC),
        ("latitude lon", IdentifierKind.PLACE),
    ],
)
def test_a_name_shows_the_kind_of_identifier(names: str, kind: IdentifierKind) -> None:
    assert {name: kind_of_name(name) for name in names.split()} == dict.fromkeys(names.split(), kind)


@pytest.mark.parametrize(
    "name",
    [
        "status",
        "connector",
        "connectorId",
        "transactionId",
        "evseNum",
        "vendorId",
        "model",
        "firmwareVersion",
        "location",
        "address",
        "key",
        "value",
        "token",
        "messageId",
        "server",
        "interval",
        "validity",
    ],
)
def test_names_of_no_identifier_have_no_kind(name: str) -> None:
    assert kind_of_name(name) is None


def test_fields_of_the_definition_that_hold_one() -> None:
    names = {field.name for command in DEFINITION.commands for field in command.fields}
    names |= {field.name for line in DEFINITION.lines for field in line.fields}
    assert {name for name in names if kind_of_name(name)} == {
        "charge_point_id",
        "charge_box_serial_number",
        "charge_point_serial_number",
        "iccid",
        "imsi",
        "meter_serial_number",
    }


def test_every_kind_has_a_placeholder_of_its_own() -> None:
    assert len(set(PREFIXES.values())) == len(PREFIXES) == len(IdentifierKind)
