"""The snapshot: empty at first, and equal if nothing changed."""

from sniffer.core.charger.snapshot import Snapshot
from tests.core.charger.helpers import Bench


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
