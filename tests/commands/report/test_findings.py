"""Findings: the worst first, what is fine last, and each from what the report holds."""

import pytest
from msgspec.structs import replace

from sniffer.base.times import SECOND
from sniffer.commands.report.findings import Level, ReportFinding, format_fault, format_since, list_findings
from sniffer.commands.report.model import (
    Exchange,
    Loss,
    QuietSpan,
    RegistrationEpisode,
    RestartEpisode,
    SessionReport,
    TimelineMark,
)
from sniffer.config.definition_files import load_definition
from sniffer.core.charger.byte_ledger import ByteLedger
from sniffer.core.charger.card_reader import CardReader
from sniffer.core.charger.events import CardReaderFault
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.exchanges.command_stats import CommandStats
from sniffer.core.charger.health.link_health import Health, LinkHealth
from sniffer.core.charger.startup.registration import Registration
from sniffer.core.charger.startup.registration_events import BootLoop
from sniffer.core.charger.startup.restarts import Restarts
from sniffer.core.wire.frame import Reason
from sniffer.core.wire.items import LineError
from sniffer.core.wire.link import Route
from sniffer.core.wire.links import COM_TO_PWR, PWR_TO_COM
from tests.commands.report.helpers import episode_of, exchange_of, fault_of, lane_of, plain_report
from tests.core.wire.boards import load_links

FINE = [
    ReportFinding(Level.FINE, "the link is alive at the end: both sides are heard"),
    ReportFinding(Level.FINE, "every byte is in a frame with a valid CRC: 10 frames"),
    ReportFinding(Level.FINE, "no fault was seen in 1 status report"),
    ReportFinding(Level.FINE, "no announcement and no restart was seen"),
]


SILENT = {"health": LinkHealth(Health.NOTHING_HEARD, "nothing"), "lanes": (), "has_board_frames": False}
"""The parts of a report on a session without a frame."""


def report(**changes: object) -> SessionReport:
    """Return a short session in which nothing is wrong, with these changes."""
    values: dict[str, object] = {
        "ledger": ByteLedger(100, 10, 100),
        "lanes": (lane_of("Available"),),
        "faults": (),
        "registration": Registration(),
        "registrations": (),
        "restarts": (),
        "restart_episodes": (),
        "boot_loops": (),
        "gaps": (),
        "marks": {},
        "exchanges": (),
        "read_error": "",
    }
    return plain_report(**{**values, **changes})


def texts(found: list[ReportFinding], level: Level) -> list[str]:
    return [finding.text for finding in found if finding.level is level]


def test_a_good_session_has_only_what_is_fine() -> None:
    assert list_findings(report()) == FINE


def test_the_worst_comes_first() -> None:
    found = list_findings(
        report(faults=(episode_of(fault_of()),), read_error="cut off", registration=Registration("pending", 1, 0, 1))
    )
    levels = [finding.level for finding in found]
    assert levels == [Level.FAULT, Level.WARNING, Level.FINE, Level.FINE]


def test_an_active_fault_says_since_when_and_where() -> None:
    episode = episode_of(fault_of(number=7, since=3), is_over=False)
    one = report(faults=(episode,), zone=None)
    assert texts(list_findings(one), Level.FAULT) == [
        f"Under voltage on connector 1, active at the end, since {format_since(one, episode)}"
    ]
    assert format_since(one, episode).endswith("00:00:03.000 (#7)")
    assert format_since(one, episode_of(replace(fault_of(number=7), since=None))) == "#7"


def test_faults_that_are_over_are_counted_by_kind() -> None:
    episodes = (episode_of(fault_of(), seconds=2), episode_of(fault_of(), seconds=3), episode_of(fault_of(0x100208)))
    assert texts(list_findings(report(faults=episodes)), Level.FAULT) == [
        "Under voltage on connector 1, 2 times, 5.00 s in all, over at the end",
        "Relay fault on connector 1, once, 2.00 s in all, over at the end",
    ]


def test_a_fault_without_times_has_no_length() -> None:
    found = list_findings(report(faults=(episode_of(fault_of(connector=None), seconds=None),)))
    assert texts(found, Level.FAULT) == ["Under voltage, once, over at the end"]
    assert format_fault(episode_of(fault_of(connector=None))) == "Under voltage"


def test_faults_that_are_not_kept_are_counted() -> None:
    assert texts(list_findings(report(more_faults=2)), Level.FAULT) == ["2 more faults, not listed one by one"]


def test_a_pending_registration_says_what_is_waited_for_and_what_to_check() -> None:
    pending = RegistrationEpisode(0, 3, 5 * SECOND, 12 * SECOND)
    assert texts(list_findings(report(registrations=(pending,), charge_point_id="1000")), Level.WARNING) == [
        "registration pending at the end, for 12 s: the central system has not accepted; "
        "the power board announces itself (3 times, every 5.00 s); "
        "check the network, the server address, and charge point id 1000 at the central system"
    ]
    untimed = RegistrationEpisode(None, 0, None, None)
    assert texts(list_findings(report(registrations=(untimed,), charge_point_id=None)), Level.WARNING) == [
        "registration pending at the end: the central system has not accepted; "
        "check the network, the server address, and charge point id at the central system"
    ]


def test_an_accepted_charger_is_fine() -> None:
    accepted = RegistrationEpisode(0, 4, 5 * SECOND, 21 * SECOND, "the central system answered Accepted")
    found = list_findings(
        report(
            registration=Registration("accepted", 1, 0, 4), registrations=(accepted,), faults=(episode_of(fault_of()),)
        )
    )
    assert texts(found, Level.WARNING) == []
    assert texts(found, Level.FINE)[2:] == [
        "registered within 21.00 s, after 4 announcements: the central system answered Accepted"
    ]


def test_a_single_restart_says_what_shows_it() -> None:
    one = RestartEpisode("ocpp module", "its sequence counter began again (9758, then 0006)", Evidence(7, None, 0))
    found = list_findings(report(restarts=(Restarts("ocpp module", 1),), restart_episodes=(one,)))
    assert texts(found, Level.WARNING) == [
        "the OCPP module restarted once: its sequence counter began again (9758, then 0006)"
    ]
    found = list_findings(report(restarts=(Restarts("ocpp module", 2),), restart_episodes=(one, one)))
    assert texts(found, Level.WARNING) == ["the OCPP module restarted 2 times"]
    assert "no announcement and no restart was seen" not in texts(found, Level.FINE)


def test_a_boot_loop_names_its_part() -> None:
    over, active = BootLoop(0, "power board", 0, 3, 5 * SECOND), BootLoop(9, "power board", 9, 4, 5 * SECOND)
    found = list_findings(report(restarts=(Restarts("power board", 7, 9, active),), boot_loops=(over, active)))
    assert texts(found, Level.FAULT) == [
        "boot loop of the power board: 3 restarts, 5.00 s apart",
        "boot loop of the power board: 4 restarts, 5.00 s apart, goes on at the end",
    ]
    assert texts(found, Level.WARNING) == ["the power board restarted 7 times"]


def test_an_early_end_and_gaps_are_findings() -> None:
    found = list_findings(report(read_error="cut off", gaps=(QuietSpan(0, 2 * SECOND, 3), QuietSpan(5, 5 + SECOND, 4))))
    assert texts(found, Level.WARNING) == [
        "not all could be read: cut off",
        "2 gaps without traffic, 3.00 s in all",
    ]


def test_the_share_of_noise_is_a_finding() -> None:
    counts, sizes = {Reason.CRC: 1, Reason.GARBAGE: 2}, {Reason.CRC: 20, Reason.GARBAGE: 5}
    found = list_findings(report(ledger=ByteLedger(100, 5, 75, counts, sizes)))
    assert texts(found, Level.WARNING) == [
        "25.00 % of the bytes are in no frame (25 bytes), among them 1 frame with a wrong CRC"
    ]
    found = list_findings(report(ledger=ByteLedger(100, 5, 95, {Reason.CRC: 0}, {Reason.GARBAGE: 5})))
    assert texts(found, Level.WARNING) == ["5.00 % of the bytes are in no frame (5 bytes)"]


def test_line_errors_are_counted_by_kind() -> None:
    errors = {LineError.FRAMING: 0, LineError.PARITY: 1, LineError.BREAK: 2}
    found = list_findings(report(ledger=ByteLedger(100, 5, 100, marked=errors)))
    assert texts(found, Level.WARNING) == ["3 line errors: 1 parity, 2 break"]


def test_a_session_without_frames_is_never_called_fine() -> None:
    found = list_findings(report(ledger=ByteLedger(0, 0, 0), **SILENT))
    assert texts(found, Level.FAULT) == ["no frame was read: not one byte was received: wrong wire, or no traffic"]
    assert len(found) == 1
    noise = ByteLedger(5, 0, 0, {Reason.CRC: 0}, {Reason.GARBAGE: 5})
    found = list_findings(report(ledger=noise, **SILENT))
    assert texts(found, Level.FAULT) == ["no frame was read: wrong baud rate or wrong wire"]
    much = ByteLedger(5000, 0, 0, {Reason.CRC: 0}, {Reason.GARBAGE: 5000})
    (text,) = texts(list_findings(report(ledger=much, **SILENT)), Level.FAULT)
    assert text.endswith("or unknown frames, which `evse-sniff learn --framing` looks for")
    found = list_findings(report(ledger=ByteLedger(0, 0, 0), losses=(Loss("unplugged", 1, 0, 0),), **SILENT))
    assert texts(found, Level.FAULT) == ["no frame was read: the source was lost before"]


def test_a_log_without_frames_has_no_wrong_baud_rate() -> None:
    no_frame = {"ledger": ByteLedger(0, 0, 0, lines=13), **SILENT}
    found = list_findings(report(**no_frame))
    assert found == [ReportFinding(Level.FAULT, "no frame was read: this part of the log has none")]
    (finding,) = list_findings(report(**no_frame, is_timed=False))
    assert finding.text == "no frame was read: no line of this text is a record of the charger's log"


@pytest.mark.parametrize(
    ("route", "has_board_frames", "commands", "text"),
    [
        (COM_TO_PWR, False, ["status answer"], "only com>pwr was heard: state and faults unknown"),
        (
            PWR_TO_COM,
            True,
            ["status report"],
            "only pwr>com was heard: no request and no answer to the power board",
        ),
        (
            PWR_TO_COM,
            True,
            ["status answer", "status report"],
            "at the end only pwr>com was heard, the other side no more",
        ),
    ],
)
def test_a_silent_side_is_named(route: Route, has_board_frames: bool, commands: list[str], text: str) -> None:
    health = LinkHealth(Health.ONE_SIDE, "", 0, route)
    exchanges = tuple(exchange_of(name) for name in commands)
    states = {} if has_board_frames else {"lanes": ()}
    found = list_findings(report(health=health, has_board_frames=has_board_frames, exchanges=exchanges, **states))
    assert text in texts(found, Level.WARNING)
    fine = texts(found, Level.FINE)
    assert not [text for text in fine if "alive" in text or "every byte" in text]


def test_a_board_of_another_maker_that_was_received_alone_shows_its_state() -> None:
    found = list_findings(report(health=LinkHealth(Health.ONE_SIDE, "", 0, COM_TO_PWR), has_board_frames=False))
    assert "only com>pwr was heard" in texts(found, Level.WARNING)


def test_what_only_the_power_board_can_show_is_fine_only_where_it_was_received() -> None:
    unheard = {"health": LinkHealth(Health.ONE_SIDE, "", 0, COM_TO_PWR), "has_board_frames": False, "lanes": ()}
    assert texts(list_findings(report(**unheard)), Level.FINE) == []


@pytest.mark.parametrize("health", [Health.NOISE_ONLY, Health.WRONG_RATE, Health.SILENT])
def test_a_link_that_is_not_alive_at_the_end_is_a_warning(health: Health) -> None:
    found = list_findings(report(health=LinkHealth(health, "why")))
    assert texts(found, Level.WARNING) == [f"at the end the link was {health}: why"]


def test_losses_have_their_reasons_and_lengths() -> None:
    losses = (
        Loss("unplugged", 4, 0, SECOND, 13 * SECOND, has_ended=True),
        Loss("overrun", 5, 2, None, None, has_ended=True),
        Loss("pulled", 6, 0, SECOND),
    )
    assert texts(list_findings(report(losses=losses, more_losses=7)), Level.WARNING) == [
        "data lost at #4: unplugged; nothing was read for 12.00 s",
        "data of tap 2 lost at #5: overrun; nothing was read",
        "data lost at #6: pulled; nothing was read until the end",
        "7 more losses of the source or of data",
    ]
    named = [
        Loss("data lost", 2, 0, None, None, has_ended=True),
        Loss("data lost: full", 3, 0, None, None, has_ended=True),
    ]
    assert texts(list_findings(report(losses=tuple(named))), Level.WARNING) == [
        "data lost at #2; nothing was read",
        "data lost at #3: full; nothing was read",
    ]
    assert texts(list_findings(report(losses=losses[2:], read_error="pulled")), Level.WARNING) == [
        "not all could be read: pulled"
    ]


def test_exchanges_are_added_up() -> None:
    exchanges = (exchange_of(unanswered=1, retransmissions=1), exchange_of("other", unanswered=2))
    assert texts(list_findings(report(exchanges=exchanges)), Level.WARNING) == [
        "3 requests stayed without an answer",
        "1 frame was sent again",
    ]


def test_marks_are_counted_by_their_kind() -> None:
    mark = TimelineMark(0, 1, "")
    marks = {"status": (mark,), "contradiction": (mark, mark), "disagreement": (mark,)}
    assert texts(list_findings(report(marks=marks)), Level.WARNING) == [
        "1 move that is not allowed",
        "2 reports that contradict themselves",
        "1 value that was passed on otherwise than reported",
    ]


def test_a_wrong_clock_is_described_and_errors_of_ocpp_are_counted() -> None:
    marks = {"clock": (TimelineMark(0, 1, "the clock is wrong"),), "ocpp_error": (TimelineMark(0, 1, ""),) * 2}
    assert texts(list_findings(report(marks=marks)), Level.WARNING) == [
        "the clock is wrong",
        "2 OCPP calls that were answered with an error",
    ]


def test_a_card_reader_that_does_not_answer_is_one_finding() -> None:
    fault = CardReaderFault(0, 0, 9 * SECOND, 5, 8_190_000_000)
    reader = CardReader(fault, 25, 2, is_active=True)
    assert texts(list_findings(report(card_reader=reader)), Level.WARNING) == [
        "card reader does not answer: 25 times, every 8.19 s"
    ]
    over = replace(reader, is_active=False)
    assert texts(list_findings(report(card_reader=over)), Level.WARNING) == [
        "card reader does not answer: 25 times, every 8.19 s, over at the end"
    ]


def test_overdue_commands_are_counted() -> None:
    marks = {"overdue": (TimelineMark(0, 1, ""),) * 2}
    assert texts(list_findings(report(marks=marks)), Level.WARNING) == ["2 times that a periodic command was overdue"]


def test_without_a_status_report_no_fault_is_no_good_news() -> None:
    found = list_findings(report(lanes=()))
    assert texts(found, Level.WARNING) == [
        "no status report was received: the state of the charger and its faults are unknown"
    ]
    assert "no fault was seen" not in texts(found, Level.FINE)


def test_frames_without_a_check_are_not_credited_with_a_valid_one() -> None:
    unchecked = next(route for route in load_links().all_routes if not route.link.is_checked)
    for count, about in ((10, "10 frames, all without a check"), (4, "10 frames, 4 of them without a check")):
        stats = CommandStats(unchecked, 1, "key", count, 9, 0, 9)
        found = list_findings(report(exchanges=(Exchange(stats, None),)))
        assert f"every byte is in a frame: {about}" in texts(found, Level.FINE)


def test_a_definition_whose_check_is_not_that_of_the_frames_is_not_blamed_on_the_wire_alone() -> None:
    noise = ByteLedger(50, 0, 0, {Reason.CRC: 7}, {Reason.CRC: 50})
    found = list_findings(report(ledger=noise, definition=load_definition(["tuya"]), **SILENT))
    (text,) = texts(found, Level.FAULT)
    assert text.startswith("no frame was read: 7 pieces have the shape of its frames, but not its check: ")
    assert text.endswith("or a definition that does not fit: `evse-sniff learn --framing` looks for another")
