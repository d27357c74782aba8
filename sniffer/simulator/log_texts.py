"""The lines that the simulated charger prints beside its frames (protocol.md, The charger's text log).

In: the values of a moment. Out: texts as the real log has them, with its spaces and its spelling. OCPP messages are in
`sniffer.simulator.ocpp_texts`.
"""

from collections.abc import Mapping
from datetime import UTC, timedelta

from sniffer.base.times import HOUR, MINUTE, as_datetime
from sniffer.core.protocol.conversions import Value
from sniffer.core.protocol.definition import Definition
from sniffer.simulator.scenarios import Phase

ANNOUNCED = "Com boot!"
PENDING = "ocpp boot pending!"
CARD_READER_FAULT = "##########_HJ CardReader_##########: CardReader ComErr!"
RELAY_WARNING = " inside error test : board warnning RelayAdhesion error"
"""Printed with every status report of the real log, although no frame carries it."""

NO_FAULT = 0
"""The index and the vendor error code of a report without a fault."""

INTERFACES = (
    "Interface:    eth0\t IP:  192.0.2.11",
    "Interface:  eth0:1\t IP:  192.0.2.12",
    "Interface:   wlan0\t IP:   192.0.2.13",
    "ICCID=+CME ERROR: SIM failure",
    "AutoConnect=TRUE",
    "Online=FALSE",
    "Carrier=",
    "APN=",
    "RetryTimes=0",
)
"""The lines without a time stamp that follow the number of network interfaces."""


def format_charge_point(charge_point_id: str) -> tuple[str, ...]:
    """Return the lines after a charge point information frame."""
    return (
        "CP_INFO",
        f"cpid = {charge_point_id},evseNum = 1",
        "NumberOfConnectors = 1",
        "availabilitySrc = 0x01,0x01",
    )


def format_error_row(definition: Definition, phase: Phase) -> str:
    """Return the line that names the M4 error code and the row of the error table, counted from 1."""
    return f"icomCode = {phase.m4_error},index={_find_row(definition, phase)[0]}"


def format_temperatures(temperatures: Mapping[str, Value]) -> str:
    """Return the line with the temperatures of a status report."""
    return f" boardtemp = {temperatures['board_temperature']}, conntemp = {temperatures['connector_temperature']} ;"


def format_errors(definition: Definition, phase: Phase) -> tuple[str, str]:
    """Return the lines with the codes of a status report, all in decimal."""
    status = definition.statuses.number_of(phase.status)
    ocpp_error = definition.ocpp_errors.number_of(phase.ocpp_error)
    return (
        f"pwrCom error Code vol:{phase.m4_error},{status},{phase.cp_voltage}",
        f"ocpp error Code :{ocpp_error},{find_vendor_error(definition, phase)}",
    )


def find_vendor_error(definition: Definition, phase: Phase) -> int:
    """Return the vendor error code of the phase's fault by the error table; `NO_FAULT` without a fault."""
    return _find_row(definition, phase)[1]


def format_meter(connector: int, meter: Mapping[str, Value]) -> str:
    """Return the line with the meter values of phase L1. The power is cut to whole watts."""
    voltage, current = round(float(meter["voltage"]), 1), round(float(meter["current"]), 2)
    return (
        f"connId:{connector},connectorType:1,meterval:{meter['energy']},AC_voltage_A:{voltage:.1f},"
        f"AC_current_A:{current:.2f},MaxPowerOffered:0,temperature:{meter['temperature']},soc:0,"
        f"AC_Power:{int(voltage * current)}"
    )


def format_configuration(key: str, sampled: str) -> tuple[str, str]:
    """Return the lines about a ChangeConfiguration of MeterValuesSampledData: which values are sampled."""
    samples = {"Energy.Active.Import.Register": 1}
    for name in ("voltage", "Current.Import", "Power.Active.Import", "Temperature", "SoC", "Power.Offered"):
        samples[name] = 0
    samples["Current.Offered"] = 0
    samples[sampled] = 1
    shown = ", ".join(f"{name}: [{number}]" for name, number in samples.items())
    return f"Key:{key} READonly:false", f"{key} -- {shown}"


def format_system(running: int, now: int) -> tuple[str, ...]:
    """Return the lines about the OCPP module's own state, which has run for `running` nanoseconds in this session.

    The last is the number of network interfaces, which `INTERFACES` must follow.
    """
    hours, minutes = divmod(running // MINUTE, HOUR // MINUTE)
    checked = as_datetime(now, UTC) - timedelta(minutes=1)
    return (
        f"[{checked:%Y-%m-%dT%H:%M:%S}.000Z]Network status is:[Connected]!",
        f"[run]:    {hours:2} hours\t{minutes:2} minutes\t[mem_used]: 42.52",
        f"CPU temperature: {63_500 + running // MINUTE % 7 * 90}",
        "net_interface nums: 4",
    )


def _find_row(definition: Definition, phase: Phase) -> tuple[int, int]:
    """Return the row of the error table, counted from 1, and its vendor code, by the M4 code of the phase."""
    for index, row in enumerate(definition.errors, 1):
        if phase.m4_error in row.m4 and row.vendor is not None:
            return index, row.vendor
    return NO_FAULT, NO_FAULT
