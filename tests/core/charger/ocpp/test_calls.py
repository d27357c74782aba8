"""Calls and their results: who answers whom, what is counted, and what registration learns of it."""

import json
from collections import deque
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.base.times import SECOND
from sniffer.core.charger.charger import Charger
from sniffer.core.charger.events import Reference
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.ocpp.calls import (
    ACTIONS_KEPT,
    CALLS_KEPT,
    LONGEST_NAME,
    OTHER_ACTIONS,
    OcppAction,
    OcppCalls,
    OcppOutcome,
)
from sniffer.core.charger.ocpp.events import OcppFailed
from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.protocol.ocpp_message import parse_ocpp
from sniffer.core.wire.links import COM_TO_PWR
from tests.core.charger.ocpp.helpers import AT, DialogueBench
from tests.core.protocol.helpers import DEFINITION


@pytest.fixture
def bench() -> DialogueBench:
    return DialogueBench()


def test_a_result_answers_the_call_with_its_id(bench: DialogueBench) -> None:
    bench.central(2, "a", "ChangeConfiguration", {"key": "k", "value": "v"})
    bench.central(2, "b", "Heartbeat", {})
    bench.charger_says(3, "a", {"status": "Accepted"})
    assert bench.refers == Reference("answers", 1, None, None, "ChangeConfiguration")


def test_the_time_to_the_answer_is_known_if_times_are_fine(bench: DialogueBench) -> None:
    bench.time = AT + 1
    bench.central(2, "a", "Reset", {})
    bench.time += 250
    bench.charger_says(3, "a", {})
    assert bench.refers == Reference("answers", 1, None, 250, "Reset")


def test_an_answer_goes_the_other_way(bench: DialogueBench) -> None:
    bench.central(2, "a", "Reset", {})
    bench.central(3, "a", {})
    assert bench.refers is None


def test_both_sides_may_use_the_same_id(bench: DialogueBench) -> None:
    bench.central(2, "a", "Reset", {})
    bench.charger_says(2, "a", "Heartbeat", {})
    bench.central(3, "a", {})
    assert bench.refers == Reference("answers", 2, None, None, "Heartbeat")
    bench.charger_says(3, "a", {})
    assert bench.refers == Reference("answers", 1, None, None, "Reset")


def test_an_id_that_comes_again_belongs_to_the_latest_call(bench: DialogueBench) -> None:
    bench.central(2, "a", "Reset", {})
    bench.central(2, "a", "Reset", {})
    bench.charger_says(3, "a", {})
    assert bench.refers == Reference("answers", 2, None, None, "Reset")
    bench.charger_says(3, "a", {})
    assert bench.refers is None


def test_an_error_is_an_event_and_names_its_call(bench: DialogueBench) -> None:
    bench.central(2, "a", "Reset", {})
    (event,) = bench.charger_says(4, "a", "NotSupported", "no", {})
    assert event == OcppFailed(AT, "Reset", "a", "NotSupported", "no", Evidence(1, None, AT))
    assert bench.refers == Reference("answers", 1, None, None, "Reset")


def test_an_error_without_its_call_is_an_event_too(bench: DialogueBench) -> None:
    (event,) = bench.charger_says(4, "a", "NotSupported", "", {})
    assert event == OcppFailed(AT, None, "a", "NotSupported", "", None)
    assert bench.refers is None


def test_what_is_missing_from_a_log_is_counted_and_no_event(bench: DialogueBench) -> None:
    bench.central(2, "a", "Reset", {})
    bench.central(2, "b", "Reset", {})
    bench.charger_says(2, "c", "Heartbeat", {})
    events = [*bench.charger_says(3, "a", {}), *bench.central(3, "unknown", {})]
    bench.charger_says(4, "b", "InternalError", "", {})
    assert events == []
    assert bench.now.ocpp.actions == (
        OcppAction("Reset", "csms>ocpp", 2, 1, 1),
        OcppAction("Heartbeat", "ocpp>csms", 1),
    )
    assert bench.now.ocpp.without_call == 1


def test_a_call_whose_id_comes_again_waits_as_the_latest_one(bench: DialogueBench) -> None:
    for number in (*range(CALLS_KEPT), 0, CALLS_KEPT):
        bench.central(2, str(number), "Reset", {})
    bench.charger_says(3, "1", {})
    assert bench.refers is None, "the oldest call made room"
    bench.charger_says(3, "0", {})
    assert bench.refers == Reference("answers", CALLS_KEPT + 1, None, None, "Reset")


def test_memory_is_bounded(bench: DialogueBench) -> None:
    for number in range(CALLS_KEPT + 1):
        bench.central(2, str(number), f"Action{number}", {})
    bench.charger_says(3, "0", {})
    assert bench.refers is None
    bench.charger_says(3, "1", {})
    assert bench.refers is not None
    actions = bench.now.ocpp.actions
    assert len(actions) == ACTIONS_KEPT + 1
    assert (actions[-1].action, sum(action.calls for action in actions)) == (OTHER_ACTIONS, CALLS_KEPT + 1)


@pytest.mark.parametrize(("id_", "action"), [("a" * (LONGEST_NAME + 1), "B"), ("a", "B" * (LONGEST_NAME + 1))])
def test_long_names_wait_for_nothing(bench: DialogueBench, id_: str, action: str) -> None:
    bench.central(2, id_, action, {})
    bench.charger_says(3, id_, {})
    assert bench.refers is None


class TestChangeAvailability:
    def ask(self, bench: DialogueBench, connector: Any, change: str = "Operative") -> None:
        bench.central(2, "a", "ChangeAvailability", {"connectorId": connector, "type": change})

    def passed_on(self, bench: DialogueBench, connector: int = 1, change: str = "Operative") -> Reference | None:
        command = next(command for command in DEFINITION.commands if command.role == "availability request")
        bench.say(command, 0x96DC, connector=connector, availability=change)
        return bench.refers

    def test_the_frame_that_follows_passes_the_call_on(self, bench: DialogueBench) -> None:
        self.ask(bench, 1)
        assert self.passed_on(bench) == Reference("relays", 1, None, None, "ChangeAvailability")

    def test_the_frame_names_the_call_also_if_what_it_causes_is_printed_before_it(self, bench: DialogueBench) -> None:
        self.ask(bench, 1)
        effect = next(
            command
            for command in DEFINITION.commands
            if command.route is COM_TO_PWR and command.name == "ChangeAvailability"
        )
        bench.say(effect, 0x96DC, connector=1, availability="Operative")
        assert self.passed_on(bench) == Reference("relays", 1, None, None, "ChangeAvailability")

    def test_of_several_calls_the_latest_is_passed_on(self, bench: DialogueBench) -> None:
        self.ask(bench, 1)
        self.ask(bench, 1)
        assert self.passed_on(bench) == Reference("relays", 2, None, None, "ChangeAvailability")

    def test_connector_0_is_the_whole_charger(self, bench: DialogueBench) -> None:
        self.ask(bench, 0)
        assert self.passed_on(bench, 0)
        assert self.passed_on(bench, 2)

    @pytest.mark.parametrize(("connector", "change"), [(2, "Operative"), (1, "Inoperative")])
    def test_another_connector_or_type_is_another_call(self, bench: DialogueBench, connector: int, change: str) -> None:
        self.ask(bench, 1)
        assert self.passed_on(bench, connector, change) is None

    def test_a_call_of_some_time_ago_is_another_one(self, bench: DialogueBench) -> None:
        self.ask(bench, 1)
        bench.time += 61 * SECOND
        assert self.passed_on(bench) is None

    @pytest.mark.parametrize("connector", ["1", None, True, 1.0])
    def test_a_call_without_a_connector_is_passed_on_by_nothing(self, bench: DialogueBench, connector: Any) -> None:
        self.ask(bench, connector)
        assert self.passed_on(bench) is None


class Registration:
    """The outcomes of a dialogue, applied without a charger."""

    def __init__(self) -> None:
        self._calls = OcppCalls(DEFINITION, deque())
        self._number = 0

    def add(self, arrow: str, *parts: Any) -> OcppOutcome:
        message = parse_ocpp(f"{arrow}CSMS:{json.dumps(parts)}")
        assert message is not None
        self._number += 1
        return self._calls.apply(message, LogLine(AT, "ocpp", ""), self._number, None, lambda *_: None)


class TestRegistration:
    def test_the_status_of_a_boot_notification_is_given(self) -> None:
        log = Registration()
        log.add("=>", 2, "a", "BootNotification", {})
        assert log.add("<=", 3, "a", {"status": "Pending"}).boot_status == "Pending"
        log.add("=>", 2, "b", "BootNotification", {})
        assert log.add("<=", 3, "b", {"status": 7}).boot_status is None

    def test_another_call_that_is_answered_afterwards_is_given_once(self) -> None:
        log = Registration()
        log.add("<=", 2, "before", "Reset", {})
        log.add("=>", 2, "a", "BootNotification", {})
        log.add("<=", 2, "b", "ChangeConfiguration", {})
        assert not log.add("=>", 3, "before", {}).is_answered_call
        assert log.add("=>", 3, "b", {}).is_answered_call
        log.add("<=", 2, "c", "ChangeConfiguration", {})
        assert not log.add("=>", 3, "c", {}).is_answered_call

    def test_a_call_while_the_board_announces_itself_counts_without_a_boot_notification(
        self, bench: DialogueBench
    ) -> None:
        bench.central(2, "before", "Reset", {})
        bench.line("Com boot!")
        bench.charger_says(3, "before", {})
        assert bench.now.registration.state == "pending"
        bench.central(2, "a", "ChangeConfiguration", {})
        bench.charger_says(3, "a", {"status": "Accepted"})
        assert bench.now.registration.state == "accepted"

    def test_without_a_boot_notification_an_answered_call_says_nothing(self) -> None:
        log = Registration()
        log.add("<=", 2, "b", "ChangeConfiguration", {})
        assert not log.add("=>", 3, "b", {}).is_answered_call

    def test_the_charger_is_registered_by_it(self, bench: DialogueBench) -> None:
        bench.line("Com boot!")
        bench.charger_says(2, "a", "BootNotification", {})
        assert bench.now.registration.state == "pending"
        bench.central(3, "a", {"status": "Accepted"})
        assert bench.now.registration.state == "accepted"

    def test_a_refused_charger_that_answers_a_call_is_still_refused(self, bench: DialogueBench) -> None:
        bench.line("Com boot!")
        bench.charger_says(2, "a", "BootNotification", {})
        bench.central(3, "a", {"status": "Pending"})
        bench.central(2, "b", "ChangeConfiguration", {})
        bench.charger_says(3, "b", {"status": "Accepted"})
        assert bench.now.registration.state == "pending"


TEXTS = st.sampled_from(["a", "b", "StatusNotification", "MeterValues", "ChangeAvailability", "BootNotification", ""])
VALUES = st.none() | st.booleans() | st.integers(0, 2) | st.floats() | TEXTS | st.lists(st.integers(), max_size=2)
PAYLOADS = st.dictionaries(
    st.sampled_from(["connectorId", "status", "errorCode", "type", "meterValue", "timestamp", "currentTime"]), VALUES
)
PARTS = st.lists(st.integers(1, 5) | TEXTS | PAYLOADS, max_size=5)


@given(st.lists(st.tuples(st.sampled_from(["=>", "<="]), PARTS | st.tuples(st.integers(2, 4), TEXTS, TEXTS, PAYLOADS))))
def test_no_dialogue_raises_and_a_copy_goes_on_alike(dialogue: list[tuple[str, Any]]) -> None:
    bench = DialogueBench()
    bench.report("Preparing")
    for arrow, parts in dialogue:
        bench.ocpp_line(f"{arrow}CSMS:{json.dumps(parts)}")
    copy: Charger = bench.charger.fork()
    assert copy.snapshot() == bench.now
    counted = sum(action.results + action.errors for action in bench.now.ocpp.actions)
    assert counted <= sum(action.calls for action in bench.now.ocpp.actions)
