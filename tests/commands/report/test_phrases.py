"""Phrases that all forms of a report share."""

from datetime import UTC

from msgspec.structs import replace

from sniffer.base.times import DAY, SECOND, format_duration
from sniffer.commands.report.comparison.compare import compare
from sniffer.commands.report.latency_histogram import bucket_of, build_histogram
from sniffer.commands.report.model import RegistrationEpisode, RestartEpisode, Stay
from sniffer.commands.report.phrases import (
    format_chain_rows,
    format_ending,
    format_expected,
    format_extent,
    format_headline,
    format_latencies,
    format_link_rows,
    format_ocpp_rows,
    format_period,
    format_registration_rows,
    format_restart_rows,
    format_states,
    format_stay_share,
    format_steps,
    format_verdict,
)
from sniffer.core.charger.byte_ledger import ByteLedger
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.exchanges.command_stats import Period
from sniffer.core.charger.exchanges.exchange_chains import ExchangeStats, HopStats
from sniffer.core.charger.ocpp.calls import OcppAction, OcppTraffic
from sniffer.core.wire.frame import Reason
from sniffer.core.wire.links import COM_TO_OCPP, PWR_TO_COM
from tests.commands.report.helpers import episode_of, exchange_of, fault_of, lane_of, plain_report, report_of
from tests.core.protocol.layout.test_payload_layout import load_panels


def test_the_headline_says_which_charger_when_and_how_much() -> None:
    first, second = format_headline(plain_report(charge_point_id="10427240", ledger=ByteLedger(9, 1, 9)))
    assert first.startswith("charge point 10427240, 2026-01-15 ")
    assert second == "1 frame, 0 pieces of noise"
    first, second = format_headline(
        plain_report(charge_point_id=None, ledger=ByteLedger(9, 2, 9, {Reason.CRC: 1}, {}, 3))
    )
    assert first.startswith("charge point not known, ")
    assert second == "2 frames, 1 piece of noise, 3 other lines of the log"


def test_the_headline_of_another_board_has_no_charge_point() -> None:
    first, _ = format_headline(plain_report(charge_point_id=None, definition=load_panels()))
    assert first.startswith("2026-01-15 ")


def test_when_names_the_day_twice_only_where_it_changes() -> None:
    report = plain_report(zone=UTC, began=0, ended=2 * SECOND)
    assert format_extent(report) == "1970-01-01 00:00:00 to 00:00:02 (+00:00), 2.00 s"
    assert "1970-01-02 00:00:00" in format_extent(plain_report(zone=UTC, began=0, ended=DAY))
    assert format_extent(plain_report(is_timed=False)) == "the source has no times"


def test_how_a_fault_ended() -> None:
    report = plain_report(zone=UTC)
    assert format_ending(report, episode_of(fault_of(), is_over=False)) == "active at the end"
    assert format_ending(report, episode_of(fault_of(), seconds=None)) == "over"
    assert format_ending(report, episode_of(fault_of(), seconds=2)) == "over at 00:00:02.000"


def test_latencies_and_periods_are_shown_with_their_unit() -> None:
    assert format_latencies(None) == ("", "", "")
    answers = build_histogram({bucket_of(duration): 9 for duration in (SECOND, 2 * SECOND, 4 * SECOND)}, 5 * SECOND)
    assert format_latencies(answers) == (
        format_duration(answers.percentile(50)),
        format_duration(answers.percentile(95)),
        "5.00 s",
    )
    assert answers.percentile(50) < answers.percentile(95)
    assert format_period(exchange_of().stats) == ""
    assert format_period(exchange_of(period=Period(2 * SECOND, None)).stats) == "2.00 s"


def test_the_share_of_a_state_is_of_the_known_time() -> None:
    assert format_stay_share(lane_of(None, "Available", "Charging"), Stay(1, 10)) == "50.00 %"
    assert format_stay_share(lane_of(None), Stay(0, 0)) == ""


def test_link_rows_add_up_to_all_that_was_read() -> None:
    ledger = ByteLedger(100, 2, 80, {Reason.CRC: 1, Reason.GARBAGE: 0}, {Reason.CRC: 20, Reason.GARBAGE: 0})
    assert [*format_link_rows(plain_report(ledger=ledger))] == [
        ("frames", "2", "80", "80.00 %"),
        ("noise, crc", "1", "20", "20.00 %"),
    ]
    assert [*format_link_rows(plain_report(ledger=ByteLedger()))] == []


def test_whether_two_sessions_differ() -> None:
    one, other = report_of("charging.pcapng"), report_of("mains-sag.pcapng")
    assert format_verdict(compare(one, one)) == "no difference was found"
    assert format_verdict(compare(one, other)) == f"{len(compare(one, other).differences)} differences"


def test_states_in_order_with_cycles_once() -> None:
    assert format_steps(["A", "P", "C", "P", "C", "N"]) == ["A", "(P → C) 2 times", "N"]
    assert format_states(["A", "P"]) == "A → P"


def test_registrations_and_restarts_are_rows() -> None:
    pending = RegistrationEpisode(2 * SECOND, 2, 5 * SECOND, 7 * SECOND)
    accepted = RegistrationEpisode(None, 0, None, 21 * SECOND, "it says so")
    restart = RestartEpisode("ocpp module", "sign", Evidence(7, 707, None))
    report = plain_report(registrations=(accepted, pending), restart_episodes=(restart,), zone=UTC)
    assert [*format_registration_rows(report)] == [
        ("-", "", "", "registered within 21.00 s"),
        ("00:00:02.000", "2 times", "5.00 s", "pending at the end, for 7 s"),
    ]
    assert [*format_restart_rows(report)] == [("#7", "OCPP module", "sign")]


def test_the_hops_of_an_exchange_are_rows() -> None:
    hops = (HopStats(PWR_TO_COM, 1, 1200, None), HopStats(COM_TO_OCPP, 1, 1100, 3_000_000))
    assert [*format_chain_rows(plain_report(chains=(ExchangeStats("status", 1200, 1100, hops),)))] == [
        ("status", "1,100 of 1,200", "pwr>com 01", "1,200", ""),
        ("", "", "com>ocpp 0001", "1,100", "+3.0 ms"),
    ]


OCPP = OcppTraffic((OcppAction("Reset", "csms>ocpp", 1200, 1100, 1), OcppAction("Heartbeat", "ocpp>csms", 2, 2)), 3)
"""Calls in both directions, and answers without a call."""


def test_ocpp_calls_are_counted_by_action_and_answer() -> None:
    assert [*format_ocpp_rows(plain_report(ocpp=OCPP))] == [
        ("Reset", "charger", "1,200", "1,100", "1", "99"),
        ("Heartbeat", "central system", "2", "2", "0", "0"),
        ("call not in the log", "", "", "3", "", ""),
    ]
    assert [*format_ocpp_rows(plain_report(ocpp=OcppTraffic()))] == []


def test_the_frames_that_a_text_log_lacks_are_named() -> None:
    reports = replace(exchange_of(count=9), expected=31)
    whole = replace(exchange_of("meter values", count=12), expected=12)
    more = replace(exchange_of("status answer", count=8), expected=5)
    assert [*format_expected(plain_report(exchanges=(reports, whole, more, exchange_of("other"))))] == [
        "status report: 9 of 31 expected (pieces of the log may be missing)",
        "meter values: 12 of 12 expected",
        "status answer: 8, more than the 5 expected",
    ]


def test_commands_of_one_name_are_distinguished_by_their_direction() -> None:
    one = replace(exchange_of(count=9), expected=31)
    assert [line.partition(":")[0] for line in format_expected(plain_report(exchanges=(one, one)))] == [
        "status report pwr>com",
        "status report pwr>com",
    ]


def test_a_command_that_is_expected_once_is_not_periodic() -> None:
    assert [*format_expected(plain_report(exchanges=(replace(exchange_of(), expected=1),)))] == []
