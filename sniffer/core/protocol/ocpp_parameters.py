"""The parameters of an OCPP message that matter, in one line for people.

In: a message. Out: a text, which may hold any character of the message: escape it before it is shown. `CALLS` lists the
parameters of each call that matter; of other calls, and of results, the first ones are shown.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sniffer.core.protocol.ocpp_message import OcppMessage

CALLS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "BootNotification": (
        ("chargePointVendor", ""),
        ("chargePointModel", ""),
        ("chargePointSerialNumber", ""),
        ("firmwareVersion", "firmware "),
    ),
    "ChangeAvailability": (("connectorId", "connector "), ("type", "")),
    "ChangeConfiguration": (("key", ""), ("value", "")),
    "StatusNotification": (
        ("connectorId", "connector "),
        ("status", ""),
        ("errorCode", ""),
        ("vendorErrorCode", "vendor "),
    ),
    "TriggerMessage": (("requestedMessage", ""), ("connectorId", "connector ")),
}
"""For each action the parameters that are shown, each with the word before its value (OCPP 1.6, section 6)."""

OCPP_ACTIONS = (
    *("Authorize", "BootNotification", "CancelReservation", "ChangeAvailability", "ChangeConfiguration", "ClearCache"),
    *("ClearChargingProfile", "DataTransfer", "DiagnosticsStatusNotification", "FirmwareStatusNotification"),
    *("GetCompositeSchedule", "GetConfiguration", "GetDiagnostics", "GetLocalListVersion", "Heartbeat", "MeterValues"),
    *("RemoteStartTransaction", "RemoteStopTransaction", "ReserveNow", "Reset", "SendLocalList", "SetChargingProfile"),
    *("StartTransaction", "StatusNotification", "StopTransaction", "TriggerMessage", "UnlockConnector"),
    "UpdateFirmware",
)
"""All actions of OCPP 1.6, section 6."""

METER_VALUES = "MeterValues"

ENERGY = "Energy.Active.Import.Register"
"""The measurand of a sampled value that names none; its unit is then Wh (OCPP 1.6, section 7.43)."""

FIRST = 3
"""The number of parameters that are shown of a call which `CALLS` does not have, and of a result."""

SAMPLES = 4
"""The number of sampled values that are shown of a MeterValues call."""

LONGEST_VALUE = 60
"""Characters. A longer value is cut."""


def format_ocpp(message: OcppMessage) -> str:
    """Return the parameters of a message in one line; the text is empty if it has none."""
    if message.kind == "error":
        parts = [text for text in (message.code, message.description) if text]
    elif message.action == METER_VALUES:
        parts = [*_choose(message.payload, CALLS["ChangeAvailability"][:1]), *_format_samples(message.payload)]
    elif message.action and message.action in CALLS:
        parts = [*_choose(message.payload, CALLS[message.action])]
    else:
        parts = [*_format_first(message.payload)]
    return ", ".join(parts) + ("" if message.complete else " (cut off)")


def parameters_of(message: OcppMessage) -> Iterator[tuple[str, str]]:
    """Yield the name and the value of each parameter of a message; for an error its code and description first."""
    if message.kind == "error":
        yield "code", message.code or ""
        yield "description", message.description or ""
    for name, value in message.payload.items():
        yield name, _format_json(value)


def samples_of(payload: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return the sampled values of the last meter value in a MeterValues call; none if it is not as OCPP has it."""
    meter_values = payload.get("meterValue")
    last = meter_values[-1] if isinstance(meter_values, list) and meter_values else None
    samples = last.get("sampledValue") if isinstance(last, dict) else None
    return [sample for sample in samples if isinstance(sample, dict)] if isinstance(samples, list) else []


def _choose(payload: Mapping[str, Any], wanted: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield the values of some parameters that a payload has, each after its word.

    `wanted` holds pairs of key and word.
    """
    for key, word in wanted:
        if payload.get(key) not in (None, ""):
            yield word + _format_value(payload[key])


def _format_samples(payload: Mapping[str, Any]) -> Iterator[str]:
    """Yield the sampled values of a MeterValues call, each with its phase and unit."""
    for sample in samples_of(payload)[:SAMPLES]:
        measurand = sample.get("measurand", ENERGY)
        unit = sample.get("unit", "Wh" if measurand == ENERGY else measurand)
        parts = (sample.get("phase", ""), sample.get("value"), unit)
        yield " ".join(_format_value(part) for part in parts if part not in (None, ""))


def _format_first(payload: Mapping[str, Any]) -> Iterator[str]:
    """Yield the first parameters of a message. A status, which most results have, comes first and without its name."""
    for key, value in sorted(payload.items(), key=lambda item: item[0] != "status")[:FIRST]:
        yield _format_value(value) if key == "status" else f"{_cut(key)} {_format_value(value)}"


def _format_value(value: object) -> str:
    return _cut(_format_json(value))


def _format_json(value: object) -> str:
    """Return a text as it is, and any other value as JSON."""
    if isinstance(value, str):
        return value
    import json

    return json.dumps(value, ensure_ascii=False)


def _cut(text: str) -> str:
    """Return a text with at most `LONGEST_VALUE` characters and an ellipsis if it was longer."""
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
