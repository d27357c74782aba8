"""The labels of metrics: those of the definition, and one for all else."""

from sniffer.core.wire.links import PWR_TO_COM
from sniffer.fleet.metrics.labels import (
    MEANINGS_KEPT,
    choose_meaning,
    command_key,
    keys_by_code,
    other_key,
)
from tests.core.protocol.helpers import DEFINITION

REPORT = DEFINITION.command("status report")


def test_a_command_of_the_definition_has_its_code_and_name():
    assert command_key(REPORT) == ("pwrboard", "pwr>com", "01", "status report")
    assert keys_by_code(DEFINITION)[REPORT.route, 1] == command_key(REPORT)
    assert other_key(PWR_TO_COM) == ("pwrboard", "pwr>com", "other", "other")


def test_meanings_are_safe_and_bounded():
    known: dict[str, int] = {}
    for number in range(MEANINGS_KEPT + 5):
        label = choose_meaning(f"fault {number}\x1b", known)
        known[label] = known.get(label, 0) + 1
    assert len(known) == MEANINGS_KEPT + 1
    assert known["other"] == 5
    assert r"fault 0\x1b" in known
    assert choose_meaning("fault 3\x1b", known) == r"fault 3\x1b"
