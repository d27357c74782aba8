"""The events before a fault: of the last ten seconds, in bounded number, without what came before them."""

from msgspec.structs import replace

from sniffer.base.times import SECOND
from sniffer.core.charger.events import FaultRaised, Preceding
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.recent_events import BEFORE, EVENTS_KEPT, RecentEvents
from sniffer.core.charger.startup.registration_events import Booted
from tests.core.charger.helpers import Bench


def at(time: int | None, number: int = 1) -> Evidence:
    return Evidence(number, None, time)


def booted(count: int) -> Booted:
    return Booted(None, count)


def test_events_of_the_last_ten_seconds_precede() -> None:
    recent = RecentEvents()
    for second in range(20):
        recent.add([booted(second)], at(second * SECOND))
    kept = [preceding.event for preceding in recent.before(19 * SECOND)]
    assert kept == [booted(second) for second in range(9, 20)]
    assert BEFORE == 10 * SECOND


def test_events_that_are_later_than_now_do_not_precede() -> None:
    recent = RecentEvents()
    recent.add([booted(1)], at(5 * SECOND))
    assert recent.before(4 * SECOND) == ()
    assert len(recent.before(5 * SECOND)) == 1


def test_without_times_the_last_ones_precede() -> None:
    recent = RecentEvents()
    recent.add([booted(1)], at(None))
    recent.add([booted(2)], at(SECOND))
    assert len(recent.before(None)) == 2
    assert recent.before(99 * SECOND) == (Preceding(at(None), booted(1)),)


def test_the_number_is_bounded() -> None:
    recent = RecentEvents()
    recent.add([booted(number) for number in range(EVENTS_KEPT + 3)], at(0))
    assert [preceding.event for preceding in recent.before(0)] == [booted(n) for n in range(3, EVENTS_KEPT + 3)]


def test_a_kept_fault_holds_nothing_that_came_before_it() -> None:
    bench = Bench()
    bench.report("Available")
    (raised,) = (event for event in bench.report("Faulted", "UnderVoltage", m4=4) if isinstance(event, FaultRaised))
    assert raised.fault.before
    recent = RecentEvents()
    recent.add([raised], at(0))
    (preceding,) = recent.before(0)
    assert preceding.event == replace(raised, fault=replace(raised.fault, before=(), courses=()))
