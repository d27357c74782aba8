"""The JSON form: one object that scripts can rely on; `golden/` pins all of it."""

import json

from sniffer.commands.report.json_form import build_latency_object, build_report_object, to_seconds
from sniffer.commands.report.latency_histogram import bucket_of, build_histogram
from tests.commands.report.helpers import SECOND, episode_of, fault_of, plain_report


def test_lengths_are_seconds() -> None:
    assert to_seconds(1_500_000_000) == 1.5
    assert to_seconds(None) is None


def test_latencies() -> None:
    assert build_latency_object(None) is None
    found = build_latency_object(build_histogram({bucket_of(SECOND): 3}, SECOND))
    assert found is not None
    assert found["count"] == 3


def test_a_report_is_json_and_names_its_faults() -> None:
    found = json.loads(json.dumps(build_report_object(plain_report(faults=(episode_of(fault_of(), seconds=2),)))))
    (fault,) = found["faults"]
    assert fault["connector"] == 1
    assert "Under voltage" in json.dumps(fault)


def test_a_session_without_an_early_end_is_complete() -> None:
    assert build_report_object(plain_report(read_error=""))["complete"] is True
    assert build_report_object(plain_report(read_error="cut off"))["complete"] is False
