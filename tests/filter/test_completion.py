"""The words that the Tab key offers for a text."""

from datetime import UTC

import pytest

from sniffer.config.definition_files import load_definition
from sniffer.filter.completion import Completion, complete
from sniffer.filter.vocabulary import Vocabulary
from tests.core.protocol.helpers import DEFINITION
from tests.filter.helpers import VOCABULARY

STATUSES = [*DEFINITION.statuses.names.values()]


def offer(text: str, cursor: int | None = None) -> list[str]:
    """Return the words offered at the cursor, or at the end of the text; all replace the same part of it."""
    found = complete(text, len(text) if cursor is None else cursor, VOCABULARY)
    assert len({one.start for one in found}) < 2
    return [one.text for one in found]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("st", ["status"]),
        ("l1", ["l1_voltage", "l1_current"]),
        ("cp_v", ["cp_voltage"]),
        ("volt", ["voltage", "voltage_sampled"]),
        ("_volt", ["cp_voltage", "l1_voltage", "l2_voltage", "l3_voltage"]),
        ("no", ["noise", "not"]),
        ("not no", ["noise", "not"]),
        ("crc bad and (no", ["noise", "not"]),
        ("crc ", ["==", "!=", "~", "bad", "good", "none", "and", "or"]),
        ("crc bad ", ["and", "or"]),
        ("crc bad a", ["and"]),
        ("(crc bad ", ["and", "or", ")"]),
        ("l1_voltage ", ["==", "!=", "<", "<=", ">", ">=", "and", "or"]),
        ("status == ", STATUSES),
        ("status==", STATUSES),
        ("status == f", ["Finishing", "Faulted"]),
        ("status ~ f", ["Finishing", "Faulted"]),
        ("status f", ["Finishing", "Faulted"]),
        ("status == SuspendedEV", ["SuspendedEVSE", "SuspendedEV"]),
        ("dir pwr", ["pwr>com"]),
        ("dir pwr>c", ["pwr>com"]),
        ("noise ==", ["crc", "truncated", "garbage"]),
        ("event == boot", ["boot", "boot_loop", "boot_loop_ended"]),
        ("command == 002", ["0021", "002D"]),
        (
            "command == status",
            ['"status report"', '"status answer"', "StatusNotification", '"StatusNotification answer"'],
        ),
        ("name == status r", ['"status report"']),
        ('name == "status r', ['"status report"']),
        ("name == 'status r", ['"status report"']),
        ("fault ~ volt", ['"Over voltage"', '"Under voltage"']),
        ("number == ", []),
        ("xyz == ", []),
        ("status == Faulted", ["Faulted"]),
        ("crc bad noise ", []),
        ("crc bad) ", []),
    ],
)
def test_words_that_continue_the_text(typed: str, words: list[str]) -> None:
    assert offer(typed) == words


def test_an_empty_text_can_begin_with_every_name() -> None:
    assert offer("") == [*VOCABULARY.names, "not", "("]


def test_a_completion_replaces_the_begun_word() -> None:
    assert complete("crc bad and sta", 15, VOCABULARY) == [Completion(12, "status")]
    assert complete('name == "status r', 17, VOCABULARY) == [Completion(8, '"status report"')]
    assert complete("status == ", 10, VOCABULARY)[0].start == 10


def test_the_text_after_the_cursor_is_ignored() -> None:
    assert offer("sta == Faulted", 3) == ["status"]
    assert offer("status == F)) &&", 11) == ["Finishing", "Faulted"]


def test_what_another_board_has_is_offered_before_what_the_charger_has() -> None:
    vocabulary = Vocabulary(load_definition(["jbd"]), lambda: UTC)
    names = [one.text for one in complete("name == ", 8, vocabulary)]
    assert names[0] == '"read state"'
    assert names.index('"cell voltages"') < names.index('"status report"')
    assert complete("link == ", 8, vocabulary)[0].text == "jbd"
