"""The judgement on a session as one JSON object. Scripts rely on every name here (docs/rigs.md).

In: a judgement. Out: a dictionary in the order in which it is to be written.
"""

from typing import Any

from sniffer.commands.check.judge import FailedFigure, SessionJudgement


def build_check_object(result: SessionJudgement) -> dict[str, Any]:
    """Return the whole judgement."""
    return {
        "type": "check",
        "file": result.checked.name,
        "good": [report.name for report in result.good],
        "verdict": "good" if result.is_good else "different",
        "judged": result.judged,
        "differences": [_build_failed_object(failed) for failed in result.failed],
        "not_judged": [
            {"topic": one.topic.value, "what": one.name or None, "reason": one.reason} for one in result.unjudged
        ],
        "spread": "assumed" if len(result.good) == 1 else "of the good sessions",
    }


def _build_failed_object(failed: FailedFigure) -> dict[str, Any]:
    """Return a figure that is not as in good sessions."""
    good = failed.good
    return {
        "topic": failed.topic.value,
        "what": failed.name,
        "value": failed.value,
        "text": failed.text,
        "good": {
            "low": good.low,
            "high": good.high,
            "words": [*good.words],
            "margin": good.margin,
            "text": good.text,
        },
    }
