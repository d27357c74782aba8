"""The start-up of a whole charger: the signs of messages and lines, and what links acceptance and restarts."""

from sniffer.base.times import SECOND
from sniffer.core.charger.events import Event
from sniffer.core.charger.startup.registration_events import Booted, RegistrationChanged, Restarted
from sniffer.core.charger.startup.startup_tracker import StartupTracker
from sniffer.core.wire.frame import Frame
from sniffer.core.wire.links import DBUS, OCPP_TO_COM
from tests.core.charger.helpers import Bench
from tests.core.protocol.helpers import CODEC


def test_the_running_time_is_read_from_its_line() -> None:
    bench = Bench()
    assert bench.line("[run]:    77 hours\t59 minutes\t[mem_used]: 42.52") == []
    assert bench.line("[run]:    78 hours\t 5 minutes\t[mem_used]: 42.46") == []
    (restart,) = bench.line("[run]:    0 hours\t 1 minutes\t[mem_used]: 40.00")
    assert isinstance(restart, Restarted)
    assert restart.part == "ocpp module"


def test_the_counter_is_read_from_both_links() -> None:
    bench = Bench()
    bench.say("acceptance", 0x9758)
    (restart,) = bench.say("start-up request", 0x0006)
    assert isinstance(restart, Restarted)
    assert bench.say("ChangeAvailability", 0x0007, connector=1, availability="Operative") == []


def test_shared_sequences_are_no_counter() -> None:
    bench = Bench()
    bench.say("acceptance", 0x9758)
    assert bench.say("acceptance", 0xDDDD) == bench.say("acceptance", 0x0000) == []
    assert bench.now.restarts == ()
    events = list[Event]()
    tracker = StartupTracker(events)
    for number, sequence in enumerate((0x9758, 0xDDDD, 0x9759), 1):
        raw = DBUS.build(OCPP_TO_COM.head, sequence, 0x0102, b"")
        tracker.add_counter(CODEC.decode(Frame(OCPP_TO_COM, None, raw)), number, None)
    assert events == [], "a shared sequence does not count, so that none has begun again after it"


def test_an_acceptance_is_reported_whatever_shows_it() -> None:
    for add in (
        lambda tracker: tracker.add_boot_result(2 * SECOND, 2, "Accepted"),
        lambda tracker: tracker.add_answered_call(2 * SECOND, 2),
        lambda tracker: tracker.add_board_frame(20 * SECOND, 2),
    ):
        tracker = StartupTracker([])
        tracker.add_announcement_line(1 * SECOND, 1)
        (event,) = add(tracker)
        assert isinstance(event, RegistrationChanged)
        assert event.state == "accepted"


def test_the_answer_to_an_announcement_names_the_charge_point() -> None:
    bench = Bench()
    bench.answer_announcement(0x10)
    assert (bench.now.charge_point_id, bench.now.registration.state) == ("10427240", "pending")


def test_a_restart_of_the_ocpp_module_before_acceptance_explains_nothing_later() -> None:
    tracker = StartupTracker([])
    tracker.add_announcement_line(0, 1)
    tracker._restarts.add_counter(0x9758, 0, 2)
    tracker._restarts.add_counter(0x0001, SECOND, 3)
    tracker.add_boot_result(2 * SECOND, 4, "Accepted")
    events = tracker.add_announcement_line(100 * SECOND, 5)
    assert [type(event) for event in events] == [Restarted, Booted, RegistrationChanged]
