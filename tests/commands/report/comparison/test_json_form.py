"""The JSON form of a comparison: differences, aligned states and both reports; `golden/` pins all of it."""

from sniffer.commands.report.comparison.compare import compare
from sniffer.commands.report.comparison.json_form import build_comparison_object
from sniffer.commands.report.json_form import build_report_object
from tests.commands.report.helpers import lane_of, plain_report, report_of


def test_a_comparison_holds_both_reports() -> None:
    left, right = report_of("charging.pcapng"), report_of("mains-sag.pcapng")
    found = build_comparison_object(compare(left, right))
    assert [*found] == ["type", "differences", "states", "left", "right"]
    assert (found["left"], found["right"]) == (build_report_object(left), build_report_object(right))


def test_a_difference_names_the_side_that_alone_has_something() -> None:
    left, right = plain_report(lanes=(lane_of("Available"),)), plain_report(lanes=(lane_of("Available", "Charging"),))
    first, *_ = build_comparison_object(compare(left, right))["differences"]
    assert first == {
        "topic": "states",
        "what": "connector 1: Charging",
        "only": "right",
        "left": {"value": None, "text": "none"},
        "right": {"value": 1, "text": "once"},
    }


def test_the_states_of_a_connector_are_aligned() -> None:
    left, right = plain_report(lanes=(lane_of("Available"),)), plain_report(lanes=(lane_of("Available", "Charging"),))
    assert build_comparison_object(compare(left, right))["states"] == [
        {
            "connector": 1,
            "complete": True,
            "stretches": [
                {"same": True, "left": ["Available"], "right": ["Available"]},
                {"same": False, "left": [], "right": ["Charging"]},
            ],
        }
    ]
