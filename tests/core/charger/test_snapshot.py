"""The snapshot: empty at first, and equal if nothing changed."""

from sniffer.core.charger.snapshot import Snapshot, volts
from sniffer.core.wire.links import PWR_TO_COM
from tests.core.charger.helpers import Bench
from tests.core.protocol.helpers import decoded

VOLTAGES = bytes.fromhex("592A596859AD")


def test_a_charger_of_which_nothing_is_known() -> None:
    assert Bench().now == Snapshot()
    assert Snapshot().measurements.values == ()
    assert (Snapshot().faults, Snapshot().connectors) == ((), ())


def test_what_did_not_change_is_equal() -> None:
    bench = Bench()
    bench.report("Available")
    before = bench.now
    assert bench.now == before
    bench.report("Faulted", "UnderVoltage", m4=4)
    assert bench.now != before
    assert bench.now.registration == before.registration


def test_volts_are_numbers_only() -> None:
    assert volts(decoded(PWR_TO_COM, 0x32, VOLTAGES), "l2_voltage") == 228.88
    assert volts(decoded(PWR_TO_COM, 0x32, VOLTAGES[:4]), "l3_voltage") is None
    assert volts(decoded(PWR_TO_COM, 0x01, bytes(11)), "l1_voltage") is None
    assert volts(decoded(PWR_TO_COM, 0x01, bytes(11)), "status") is None
