"""Comparison of two sessions: nothing differs by itself, each threshold on both of its sides, and both ways round."""

from typing import Any

import pytest
from msgspec.structs import replace

from sniffer.base.times import MILLISECOND
from sniffer.commands.report.comparison import compare as module
from sniffer.commands.report.comparison.comparable import FEWEST_ANSWERS
from sniffer.commands.report.comparison.compare import Difference, Topic, compare
from sniffer.commands.report.latency_histogram import bucket_of, build_histogram
from sniffer.commands.report.model import Exchange, QuietSpan, SessionReport, TimelineMark, VoltageSpan
from sniffer.core.charger.byte_ledger import ByteLedger
from sniffer.core.charger.startup.registration import Registration
from sniffer.core.charger.startup.registration_events import BootLoop
from sniffer.core.charger.startup.restarts import Restarts
from sniffer.core.wire.frame import Reason
from tests.commands.report.helpers import episode_of, exchange_of, fault_of, lane_of, plain_report, report_of


def differences(left: dict[str, Any], right: dict[str, Any]) -> list[Difference]:
    """Return what differs between a good charge with these and with those changes."""
    return [*compare(plain_report(**left), plain_report(**right)).differences]


def mirror(difference: Difference) -> Difference:
    """Return the same difference with its sides exchanged."""
    return replace(difference, left=difference.right, right=difference.left)


def as_texts(found: list[Difference]) -> list[tuple[str, str, str]]:
    return [(difference.subject, difference.left.text, difference.right.text) for difference in found]


@pytest.mark.parametrize("name", ["charging.pcapng", "mains-sag.pcapng", "undervoltage.log", "bad-line.pcapng"])
def test_a_session_does_not_differ_from_itself(name: str) -> None:
    assert compare(report_of(name), report_of(name)).differences == ()


@pytest.mark.parametrize("name", ["mains-sag.pcapng", "bad-line.pcapng", "one-side.pcapng", "undervoltage.log"])
def test_the_other_way_round_the_sides_are_exchanged(name: str) -> None:
    one, other = report_of("charging.pcapng"), report_of(name)
    assert compare(other, one).differences == tuple(map(mirror, compare(one, other).differences))


def test_topics_come_in_their_order() -> None:
    topics = [d.topic for d in compare(report_of("charging.pcapng"), report_of("mains-sag.pcapng")).differences]
    assert topics == sorted(topics, key=[*Topic].index)
    assert {Topic.FAULTS, Topic.STATES, Topic.VOLTAGES} <= {*topics}


def test_faults_differ_by_how_often_they_came() -> None:
    fault, active = episode_of(fault_of(), seconds=2), episode_of(fault_of(), seconds=1, is_over=False)
    (found,) = differences({"faults": (fault, active)}, {"faults": (fault,)})
    assert (found.topic, found.only) == (Topic.FAULTS, None)
    assert as_texts([found]) == [
        ("Under voltage on connector 1", "2 times, 3.00 s in all, active at the end", "once, 2.00 s in all")
    ]
    (found,) = differences({"faults": ()}, {"faults": (fault,)})
    assert (found.only, found.left.text) == ("right", "none")


def test_states_and_moves_of_one_side_only() -> None:
    left = {"lanes": (lane_of("Available", "Preparing", "Charging"),)}
    right = {"lanes": (lane_of("Available", "Charging"),)}
    assert as_texts(differences(left, right)) == [
        ("connector 1: Preparing", "once", "none"),
        ("connector 1: Available → Charging", "none", "once"),
    ]
    right = {"lanes": (lane_of("Preparing", "Available", "Charging"),)}
    assert as_texts(differences(left, right)) == [
        ("connector 1: Available → Charging", "none", "once"),
        ("connector 1: Available → Preparing", "once", "none"),
        ("connector 1: Preparing → Available", "none", "once"),
        ("connector 1: Preparing → Charging", "once", "none"),
    ]
    assert differences(left, left) == []


def test_a_connector_of_one_side_only() -> None:
    assert as_texts(differences({"lanes": (lane_of("Faulted", connector=2),)}, {"lanes": ()})) == [
        ("connector 2: Faulted", "once", "none")
    ]


def test_other_registrations_and_restarts_are_differences() -> None:
    loop = BootLoop(0, "power board", 0, 3, None)
    found = differences(
        {"registration": Registration("accepted", 2), "restarts": (), "boot_loops": ()},
        {
            "registration": Registration("pending", 3),
            "restarts": (Restarts("power board", 3), Restarts("ocpp module", 1)),
            "boot_loops": (loop,),
        },
    )
    assert as_texts(found) == [
        ("registration at the end", "accepted", "pending"),
        ("series of announcements", "2 times", "3 times"),
        ("restarts of the power board", "none", "3 times"),
        ("restarts of the OCPP module", "none", "once"),
        ("boot loops", "none", "once"),
    ]
    assert [difference.topic for difference in found] == [Topic.REGISTRATION] * 2 + [Topic.RESTARTS] * 3


def test_a_registration_of_one_side_only() -> None:
    (found,) = differences({"registration": Registration()}, {"registration": Registration("accepted")})
    assert (found.only, found.left.text, found.right.value) == ("right", "none", "accepted")


def test_commands_of_one_side_only() -> None:
    (found,) = differences({"exchanges": (exchange_of(),)}, {"exchanges": ()})
    assert (found.topic, found.subject, found.left.text, found.only) == (
        Topic.COMMANDS,
        "pwr>com 01 status report",
        "10 times",
        "left",
    )


@pytest.mark.parametrize("count", ["unanswered", "retransmissions"])
def test_shares_of_requests_differ_from_one_in_a_hundred_on(count: str) -> None:
    def exchanges(share: int) -> dict[str, Any]:
        return {"exchanges": (exchange_of("status report", **{"count": 1000, count: share}),)}

    assert differences(exchanges(20), exchanges(30)) == []
    assert len(differences(exchanges(20), exchanges(31))) == 1
    assert len(differences(exchanges(0), exchanges(1))) == 1
    assert "without an answer" in differences({**exchanges(0)}, exchanges(99))[0].subject or count != "unanswered"


def answered(*latencies: int) -> dict[str, Any]:
    counts: dict[int, int] = {}
    for latency in latencies:
        counts[bucket_of(latency)] = counts.get(bucket_of(latency), 0) + 1
    return {"exchanges": (Exchange(exchange_of().stats, build_histogram(counts, max(latencies))),)}


def test_answers_are_slower_by_a_quarter_and_a_millisecond() -> None:
    fast = answered(*[10 * MILLISECOND] * FEWEST_ANSWERS)
    assert differences(fast, answered(*[12 * MILLISECOND] * 5)) == []
    assert [found.subject for found in differences(fast, answered(*[14 * MILLISECOND] * 5))] == [
        "pwr>com 01 status report, 50 of 100 answers within",
        "pwr>com 01 status report, 95 of 100 answers within",
    ]
    assert differences(answered(*[100_000] * 5), answered(*[900_000] * 5)) == []
    assert differences(fast, answered(*[90 * MILLISECOND] * 4)) == []


def test_the_share_of_noise() -> None:
    def noise(size: int) -> dict[str, Any]:
        return {"ledger": ByteLedger(10_000, 1, 10_000 - size, {Reason.CRC: 1}, {Reason.CRC: size})}

    assert differences(noise(10), noise(20)) == []
    assert as_texts(differences(noise(10), noise(21))) == [("bytes in no frame", "0.10 %", "0.21 %")]
    assert len(differences(noise(0), noise(1))) == 1


def test_marks_gaps_and_an_early_end() -> None:
    mark = TimelineMark(0, 1, "")
    left: dict[str, Any] = {"marks": {"contradiction": (mark,)}, "gaps": (), "read_error": ""}
    right: dict[str, Any] = {"marks": {}, "gaps": (QuietSpan(0, 1, 1),), "read_error": "cut off"}
    assert as_texts(differences(left, right)) == [
        ("contradictions", "once", "none"),
        ("gaps without traffic", "none", "once"),
        ("not all could be read", "read to its end", "cut off"),
    ]


def volts(low: float, mean: float, high: float) -> dict[str, Any]:
    return {"voltages": (VoltageSpan(low, mean, high),) * 3}


@pytest.mark.parametrize(
    ("other", "what"),
    [
        ((230, 230, 230), []),
        ((219, 230, 230), []),
        ((218, 230, 230), ["lowest"]),
        ((230, 225.5, 230), []),
        ((230, 225.3, 230), ["mean"]),
        ((230, 230, 242), []),
        ((230, 230, 243), ["highest"]),
    ],
)
def test_voltages_have_their_thresholds(other: tuple[float, float, float], what: list[str]) -> None:
    found = differences(volts(230, 230, 230), volts(*other))
    assert [difference.subject for difference in found] == [
        f"{phase}, {name}" for phase in ("L1", "L2", "L3") for name in what
    ]


def test_voltages_of_one_side_only() -> None:
    assert as_texts(differences(volts(1, 2, 3), {"voltages": ()})) == [("phase voltages", "reported", "none")]


def test_states_are_aligned_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ALIGNED", 3)
    left = plain_report(lanes=(lane_of("A", "B", "C"),))
    right = plain_report(lanes=(lane_of("A", "B", "C", "D"),))
    (same,), (longer,) = compare(left, left).alignments, compare(left, right).alignments
    assert (same.connector, same.is_cut, longer.is_cut) == (1, False, True)
    assert [stretch.left for stretch in longer.stretches] == [("A", "B", "C")]


def test_a_report_has_what_the_thresholds_are_for() -> None:
    assert isinstance(plain_report(), SessionReport)
    assert len(plain_report().voltages) == 3
