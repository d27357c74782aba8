"""A comparison of two sessions as one JSON object. Scripts rely on every name here.

In: a comparison. Out: a dictionary in the order in which it is to be written: the differences, the aligned states, and
both reports.
"""

from sniffer.commands.report.comparison.compare import Alignment, ComparedValue, Difference, SessionComparison
from sniffer.commands.report.json_form import Object, build_report_object


def build_comparison_object(comparison: SessionComparison) -> Object:
    """Return the whole comparison."""
    return {
        "type": "comparison",
        "differences": [_build_difference_object(difference) for difference in comparison.differences],
        "states": [_build_alignment_object(alignment) for alignment in comparison.alignments],
        "left": build_report_object(comparison.left),
        "right": build_report_object(comparison.right),
    }


def _build_difference_object(difference: Difference) -> Object:
    return {
        "topic": difference.topic.value,
        "what": difference.subject,
        "only": difference.only,
        "left": _build_side_object(difference.left),
        "right": _build_side_object(difference.right),
    }


def _build_side_object(side: ComparedValue) -> Object:
    return {"value": side.value, "text": side.text}


def _build_alignment_object(alignment: Alignment) -> Object:
    return {
        "connector": alignment.connector,
        "complete": not alignment.is_cut,
        "stretches": [
            {"same": stretch.is_same, "left": [*stretch.left], "right": [*stretch.right]}
            for stretch in alignment.stretches
        ],
    }
