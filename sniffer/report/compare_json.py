"""A comparison as one JSON object: both reports, in what they differ, and how the states align."""

from sniffer.report.compare import Alignment, Comparison, Difference, Side
from sniffer.report.jsonform import Object, report_object


def comparison_object(comparison: Comparison) -> Object:
    """The whole comparison."""
    return {
        "type": "comparison",
        "differences": [_difference(difference) for difference in comparison.differences],
        "states": [_alignment(alignment) for alignment in comparison.alignments],
        "left": report_object(comparison.left),
        "right": report_object(comparison.right),
    }


def _difference(difference: Difference) -> Object:
    return {
        "topic": difference.topic.value,
        "what": difference.what,
        "only": difference.only,
        "left": _side(difference.left),
        "right": _side(difference.right),
    }


def _side(side: Side) -> Object:
    return {"value": side.value, "text": side.text}


def _alignment(alignment: Alignment) -> Object:
    return {
        "connector": alignment.connector,
        "complete": not alignment.cut,
        "stretches": [
            {"same": stretch.is_same, "left": [*stretch.left], "right": [*stretch.right]}
            for stretch in alignment.stretches
        ],
    }
