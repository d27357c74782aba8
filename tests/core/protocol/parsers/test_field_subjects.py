"""A field that `tells` something of the charger must have a fitting conversion and unit, where the charger reads it."""

from typing import Any

import pytest

from sniffer.core.protocol.conversions import Number
from sniffer.core.protocol.definition import Role
from sniffer.core.protocol.parsers.field_subjects import QUANTITIES, ROLES_WITH_NUMBERS
from tests.core.protocol.parsers.helpers import parse_fields, refuse_fields


@pytest.mark.parametrize("role", ROLES_WITH_NUMBERS)
def test_fields_that_the_charger_reads_must_be_numbers(role: Role) -> None:
    for name in ("connector", "status", "ocpp_error", "vendor_error", "m4_error"):
        assert f'"uint", as {name} is a number where tells = "{role}"' in refuse_fields(
            {"name": name, "type": "ascii"}, role=role
        )
        assert parse_fields({"name": name, "show": "hex"}, role=role)[0].is_numeric
    for name, quantity in QUANTITIES.items():
        assert f"as {name} is {quantity} where tells" in refuse_fields({"name": name, "show": "hex"}, role=role)
        assert parse_fields({"name": name, "divisor": 100}, role=role)[0].conversion == Number(100, "")
        assert parse_fields({"name": name, "type": "int"}, role=role)[0].conversion == Number()


def test_the_same_fields_are_free_where_the_charger_does_not_read_them() -> None:
    for role in ("boot", None):
        assert not parse_fields({"name": "status", "type": "ascii"}, role=role)[0].is_numeric


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"tells": "weather"}, "tells = 'weather': must be one of connector, status, ocpp_error"),
        ({"tells": "voltage"}, 'unit is missing: it must be "V", as the field tells a voltage'),
        ({"tells": "energy", "unit": "kWh"}, "unit = 'kWh': must be \"Wh\", as the field tells an energy"),
        (
            {"tells": "status", "type": "ascii"},
            'type = \'ascii\': must be "uint", as status is a number where tells = "status"',
        ),
        (
            {"tells": "status", "type": "bcd", "show": "digits"},
            "show = 'digits': must be left out, as status is a number where tells",
        ),
        ({"tells": "status", "type": "sign magnitude"}, "type = 'sign magnitude': must be \"uint\", as status is"),
        ({"type": "float", "size": 4, "tells": "status"}, "type = 'float': must be \"uint\", as status is a number"),
    ],
)
def test_a_field_that_cannot_be_what_it_tells_is_refused(keys: dict[str, Any], message: str) -> None:
    assert refuse_fields(keys).startswith(f"my.toml: command 1: fields 1: {message}")
