"""The OCPP 1.6 messages between the simulated charger and its central system, as the charger's log prints them.

In: the values of a moment. Out: the text of a log line: `=>CSMS:` to the central system, `<=CSMS:` from it. The
charger's own calls have spaces inside the braces, as in the real log. The real log holds no MeterValues and no result
of a BootNotification or StatusNotification: their form is OCPP's, and so `assumed`.
"""

import json
from collections.abc import Mapping
from datetime import UTC

from sniffer.base.times import as_datetime
from sniffer.core.protocol.conversions import Value

VENDOR = "StarCharge"
FIRMWARE = "1.0.0.0.7b107_MG"
HEARTBEAT_SECONDS = 300
"""The interval that the central system asks for."""

_CALL, _RESULT = 2, 3
"""Message types (OCPP-J 1.6, section 4.1.3)."""


class CallIds:
    """The ids of the calls of one session, in the order of the log."""

    def __init__(self) -> None:
        self._count = 0

    def next(self) -> str:
        """Return the id of the next call."""
        self._count += 1
        return f"msg{self._count:03}"


def format_call(call_id: str, action: str, payload: Mapping[str, object]) -> str:
    """Return a call of the charger."""
    body = json.dumps(payload).removeprefix("{").removesuffix("}")
    return f'=>CSMS:[{_CALL},"{call_id}","{action}",{{ {body} }}]'


def format_result(call_id: str, payload: Mapping[str, object]) -> str:
    """Return the charger's result of a call of the central system."""
    return f"=>CSMS:{_compact(_RESULT, call_id, payload)}"


def format_central_call(call_id: str, action: str, payload: Mapping[str, object]) -> str:
    """Return a call of the central system."""
    return f"<=CSMS:{_compact(_CALL, call_id, action, payload)}"


def format_central_result(call_id: str, payload: Mapping[str, object]) -> str:
    """Return the central system's result of a call of the charger."""
    return f"<=CSMS:{_compact(_RESULT, call_id, payload)}"


def boot_notification(serial_number: str) -> dict[str, object]:
    """Return the payload of a BootNotification."""
    return {
        "chargePointVendor": VENDOR,
        "chargePointModel": "Aurora",
        "chargePointSerialNumber": serial_number,
        "firmwareVersion": FIRMWARE,
        "iccid": "",
        "imsi": "",
    }


def boot_result(*, accepted: bool, now: int) -> dict[str, object]:
    """Return the payload of the central system's result of a BootNotification."""
    status = "Accepted" if accepted else "Pending"
    return {"status": status, "currentTime": _timestamp(now), "interval": HEARTBEAT_SECONDS}


def status_notification(connector: int, status: str, error: str, now: int) -> dict[str, object]:
    """Return the payload of a StatusNotification."""
    return {
        "connectorId": connector,
        "errorCode": error,
        "status": status,
        "timestamp": _timestamp(now),
        "vendorId": VENDOR,
    }


def meter_values(connector: int, meter: Mapping[str, Value], now: int) -> dict[str, object]:
    """Return the payload of a MeterValues with the energy."""
    sample = {"value": str(meter["energy"]), "measurand": "Energy.Active.Import.Register", "unit": "Wh"}
    return {"connectorId": connector, "meterValue": [{"timestamp": _timestamp(now), "sampledValue": [sample]}]}


def _compact(*parts: object) -> str:
    return json.dumps(parts, separators=(",", ":"))


def _timestamp(now: int) -> str:
    """Return the time as OCPP writes it: UTC, with the milliseconds that the charger always leaves at zero."""
    return f"{as_datetime(now, UTC):%Y-%m-%dT%H:%M:%S}.000Z"
