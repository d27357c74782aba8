"""The snapshot: empty at first, equal if nothing changed, and voltages only if all three are there."""

from sniffer.core.charger.snapshot import PhaseVoltages, Snapshot, phase_voltages, volts
from sniffer.core.wire.links import PWR_TO_COM
from tests.core.charger.helpers import Bench
from tests.core.protocol.helpers import decoded

VOLTAGES = bytes.fromhex("592A596859AD")


def test_a_charger_of_which_nothing_is_known() -> None:
    assert Bench().now == Snapshot()
    assert Snapshot().voltages is None
    assert (Snapshot().faults, Snapshot().connectors) == ((), ())


def test_what_did_not_change_is_equal() -> None:
    bench = Bench()
    bench.report("Available")
    before = bench.now
    assert bench.now == before
    bench.report("Faulted", "UnderVoltage", m4=4)
    assert bench.now != before
    assert bench.now.registration == before.registration


def test_the_voltages_of_the_three_phases() -> None:
    message = decoded(PWR_TO_COM, 0x32, VOLTAGES)
    assert phase_voltages(message) == PhaseVoltages(None, 228.26, 228.88, 229.57)
    assert volts(message, "l2_voltage") == 228.88


def test_a_message_without_all_three_has_no_voltages() -> None:
    assert phase_voltages(decoded(PWR_TO_COM, 0x32, VOLTAGES[:4])) is None
    assert volts(decoded(PWR_TO_COM, 0x32, VOLTAGES[:4]), "l3_voltage") is None
    assert volts(decoded(PWR_TO_COM, 0x01, bytes(11)), "l1_voltage") is None
    assert volts(decoded(PWR_TO_COM, 0x01, bytes(11)), "status") is None
