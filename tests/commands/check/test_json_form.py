"""The judgement as JSON."""

import json

from sniffer.commands.check.json_form import build_check_object
from sniffer.commands.check.judge import judge
from tests.commands.report.helpers import plain_report, report_of


def test_a_difference_has_its_value_and_the_range_of_the_good_sessions():
    found = json.loads(json.dumps(build_check_object(judge(report_of("mains-sag.pcapng"), [plain_report()]))))
    keys = ["type", "file", "good", "verdict", "judged", "differences", "not_judged", "spread"]
    assert [*found] == keys
    assert (found["type"], found["verdict"], found["spread"]) == ("check", "different", "assumed")
    (fault,) = (one for one in found["differences"] if one["topic"] == "faults")
    assert fault == {
        "topic": "faults",
        "what": "Under voltage on connector 1",
        "value": 1,
        "text": "once",
        "good": {"low": 0, "high": 0, "words": [], "margin": 0, "text": "never"},
    }


def test_good_sessions_have_no_differences():
    found = build_check_object(judge(plain_report(), [plain_report(), plain_report()]))
    assert (found["verdict"], found["differences"], found["spread"]) == ("good", [], "of the good sessions")
    assert {one["topic"] for one in found["not_judged"]} == {"answers"}
