"""The connector book: the availability of connectors, and reports that a log prints after their relay."""

from sniffer.core.charger.connector_book import CONNECTORS_KEPT
from sniffer.core.charger.events import Disagreed, FaultRaised, StatusChanged
from tests.core.charger.helpers import Bench


def test_a_change_of_availability_holds_once_it_was_answered() -> None:
    bench = Bench()
    bench.say("ChangeAvailability", 0x96DC, connector=1, availability="Inoperative")
    assert bench.now.availability == ()
    bench.say("ChangeAvailability answer", 0x96DC, connector=1, availability="Inoperative")
    bench.say("ChangeAvailability answer", 0x96DD, connector=0, availability="Operative")
    assert bench.now.availability == ((0, "Operative"), (1, "Inoperative"))
    bench.say("ChangeAvailability answer", 0x96DE, connector=1, availability="Operative")
    assert bench.now.availability == ((0, "Operative"), (1, "Operative"))


def test_connectors_kept_are_bounded() -> None:
    bench = Bench()
    for connector in range(CONNECTORS_KEPT):
        bench.report("Available", connector=connector % 256)
        bench.say("ChangeAvailability answer", 1 + connector, connector=connector % 256, availability="Operative")
    assert len(bench.now.connectors) == len(bench.now.availability) == CONNECTORS_KEPT


def test_a_report_that_a_log_prints_after_its_relay_completes_the_fault() -> None:
    bench = Bench()
    relayed = bench.notify("Faulted", "UnderVoltage", vendor=0x200208, sequence=0x61D9)
    assert [type(event) for event in relayed] == [StatusChanged, FaultRaised]
    assert bench.report("Faulted", "UnderVoltage", m4=4, sequence=0x61D9) == []
    assert (bench.fault.codes.m4, bench.fault.codes.vendor, bench.fault.diagnosis.agree) == (4, 0x200208, True)
    assert len(bench.connector.path) == 1


def test_a_report_that_differs_from_its_earlier_relay_disagrees() -> None:
    bench = Bench()
    bench.notify("Charging", sequence=0x61D9)
    (found,) = (event for event in bench.report("Preparing", sequence=0x61D9) if isinstance(event, Disagreed))
    assert (found.field, found.reported, found.relayed, found.report.number) == ("status", 1, 2, 2)
