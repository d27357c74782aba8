"""The comparable part of a session is counts by name: the same names for a comparison and for a check."""

from sniffer.commands.report.comparison.comparable import (
    MARK_NAMES,
    count_moves,
    group_faults,
    index_exchanges,
    name_latency,
    name_restarts,
    name_state,
)
from sniffer.core.charger.events import EVENT_NAMES, Contradicted
from tests.commands.report.helpers import episode_of, exchange_of, fault_of, lane_of, plain_report


def test_faults_are_grouped_by_meaning_and_connector() -> None:
    first, again, other = (episode_of(fault_of(connector=number)) for number in (1, 1, 2))
    groups = group_faults(plain_report(faults=(first, again, other)))
    assert [*groups.values()] == [[first, again], [other]]
    assert ["connector 1" in name for name in groups] == [True, False]


def test_moves_are_counted_by_both_states() -> None:
    moves = count_moves(lane_of("Available", "Preparing", "Available", "Preparing"))
    assert moves == {"Available → Preparing": 2, "Preparing → Available": 1}
    assert not count_moves(lane_of("Available"))


def test_an_exchange_is_found_by_direction_code_and_name() -> None:
    exchange = exchange_of("status report")
    assert index_exchanges(plain_report(exchanges=(exchange,))) == {"pwr>com 01 status report": exchange}


def test_names_say_what_is_counted() -> None:
    assert name_state(2, "Charging") == "connector 2: Charging"
    assert name_restarts("power board") == "restarts of the power board"
    assert name_latency("status report", 95) == "status report, 95 of 100 answers within"
    assert MARK_NAMES[EVENT_NAMES[Contradicted]] == "contradictions"
