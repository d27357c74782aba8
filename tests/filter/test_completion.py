"""What Tab offers: so much was typed, these words can follow."""

import pytest

from sniffer.filter.completion import Completion, complete
from tests.filter.helpers import DEFINITION, VOCABULARY

STATUSES = [*DEFINITION.statuses.names.values()]


def offered(text, cursor=None):
    found = complete(text, len(text) if cursor is None else cursor, VOCABULARY)
    assert len({one.start for one in found}) < 2
    return [one.text for one in found]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("st", ["status"]),
        ("l1", ["l1_voltage"]),
        ("volt", ["cp_voltage", "l1_voltage", "l2_voltage", "l3_voltage"]),
        ("no", ["noise", "not"]),
        ("not no", ["noise", "not"]),
        ("crc bad and (no", ["noise", "not"]),
        ("crc ", ["==", "!=", "~", "bad", "good", "and", "or"]),
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
def test_goes_on_with_what_was_begun(typed, words):
    assert offered(typed) == words


def test_begins_with_every_name():
    assert offered("") == [*VOCABULARY.names, "not", "("]


def test_takes_the_place_of_what_was_begun():
    assert complete("crc bad and sta", 15, VOCABULARY) == [Completion(12, "status")]
    assert complete('name == "status r', 17, VOCABULARY) == [Completion(8, '"status report"')]
    assert complete("status == ", 10, VOCABULARY)[0].start == 10


def test_does_not_mind_what_stands_behind_the_cursor():
    assert offered("sta == Faulted", 3) == ["status"]
    assert offered("status == F)) &&", 11) == ["Finishing", "Faulted"]
