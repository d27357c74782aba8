"""The discovery message of Home Assistant, by which a bench and its values appear there by themselves.

In: which connectors and values a session has. Out: one retained message that describes the bench as a device. It
follows the schema of device discovery in `homeassistant/components/mqtt/schemas.py`: `device`, `origin`, and
`components` of a `platform` each. What nobody knows is `unknown` there, too: no fault is reported only where a fault
would be known.
"""

import hashlib
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sniffer._version import __version__
from sniffer.core.charger.measurements.measurement import Measurement
from sniffer.core.charger.snapshot import Snapshot
from sniffer.fleet.mqtt.messages.message import MEASURE, STATUS, OutboxMessage, encode_object

_CLASSES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "V": ("voltage", "measurement"),
        "A": ("current", "measurement"),
        "W": ("power", "measurement"),
        "Wh": ("energy", "total_increasing"),
        "°C": ("temperature", "measurement"),
    }
)
"""The device class and the state class of a value, by its unit."""

_ONLINE = "{{ 'online' if value_json.online else 'offline' }}"
_FAULT_ACTIVE = "{{ 'ON' if value_json.fault_active else ('OFF' if value_json.fault_active is false else 'None') }}"
_FAULTS = (
    "{{ value_json.faults | default([]) | map(attribute='meaning') | map('join', ', ') | join('; ') "
    "or ('none' if value_json.fault_active is false else 'unknown') }}"
)
_HEALTH = "{{ value_json.health | default('unknown') }}"


def build_discovery(bench: str, topics: str, prefix: str, snapshot: Snapshot) -> OutboxMessage:
    """Return the message that describes a bench, with the connectors and values of this snapshot.

    `topics` is the topic of the bench without its last level, and `prefix` that of discovery messages.
    """
    device = make_device_id(bench)
    status = f"{topics}/{STATUS}"
    parts: dict[str, dict[str, Any]] = {
        "link": _part("sensor", "link", status, _HEALTH),
        "fault_active": _part("binary_sensor", "fault", status, _FAULT_ACTIVE) | {"device_class": "problem"},
        "faults": _part("sensor", "faults", status, _FAULTS),
    }
    for connector in snapshot.connectors:
        template = _select("value_json.connectors | default([])", "connector", connector.number, "status", "unknown")
        parts[f"connector_{connector.number}"] = _part("sensor", f"connector {connector.number}", status, template)
    for value in snapshot.measurements.values:
        parts[_name_of(value).replace(" ", "_")] = _describe_value(value, f"{topics}/{MEASURE}")
    found = {
        "device": {"identifiers": [device], "name": bench, "manufacturer": "evse-sniff", "sw_version": __version__},
        "origin": {"name": "evse-sniff", "sw_version": __version__},
        "components": {key: part | {"unique_id": f"{device}_{key}"} for key, part in parts.items()},
        "availability": [{"topic": status, "value_template": _ONLINE}],
        "qos": 1,
    }
    return OutboxMessage(f"/{prefix}/device/{device}/config", encode_object(found), is_retained=True)


def make_device_id(bench: str) -> str:
    """Return the id of a bench: letters, digits, underscores and hyphens only, and a different one for each bench."""
    plain = re.sub(r"[^A-Za-z0-9_-]", "_", bench)
    return f"evse-sniff-{plain}" if plain == bench else f"evse-sniff-{plain}-{_digest(bench)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _part(platform: str, name: str, topic: str, template: str) -> dict[str, Any]:
    return {"platform": platform, "name": name, "state_topic": topic, "value_template": template}


def _name_of(value: Measurement) -> str:
    """Return the name of a value, with its connector if it has one."""
    return value.name if value.connector is None else f"{value.name} {value.connector}"


def _describe_value(value: Measurement, topic: str) -> dict[str, Any]:
    """Return the component of a measured value. A message without it changes nothing."""
    number = "none" if value.connector is None else str(value.connector)
    found = f"value_json['values'] | selectattr('name', 'eq', '{value.name}')"
    part = _part("sensor", _name_of(value).replace("_", " "), topic, _select(found, "connector", number, "value", ""))
    kind = _CLASSES.get(value.unit)
    classes = {"device_class": kind[0], "state_class": kind[1]} if kind else {}
    return part | classes | {"unit_of_measurement": value.unit}


def _select(found: str, key: str, value: int | str, wanted: str, default: str) -> str:
    """Return the template of an attribute of the one object of a list whose `key` is `value`."""
    selected = f"({found} | selectattr('{key}', 'eq', {value}) | map(attribute='{wanted}') | first)"
    return f"{{{{ {selected} | default('{default}') }}}}"
