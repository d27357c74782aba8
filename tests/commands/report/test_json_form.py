"""The JSON form: one object that scripts can rely on; `golden/` pins all of it."""

import json
from datetime import UTC

from sniffer.base.times import SECOND
from sniffer.commands.report.json_form import build_latency_object, build_report_object
from sniffer.commands.report.latency_histogram import bucket_of, build_histogram
from sniffer.commands.report.model import RegistrationEpisode, RestartEpisode
from sniffer.core.charger.evidence import Evidence
from sniffer.core.charger.exchanges.exchange_chains import ExchangeStats, HopStats
from sniffer.core.charger.ocpp.calls import OcppAction, OcppTraffic
from sniffer.core.wire.links import COM_TO_OCPP, PWR_TO_COM
from tests.commands.report.helpers import episode_of, fault_of, plain_report


def test_latencies_are_an_object_or_null() -> None:
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


def test_registrations_restarts_and_exchanges_across_links() -> None:
    report = plain_report(
        registrations=(RegistrationEpisode(SECOND, 3, 5 * SECOND, 11 * SECOND, "it says so"),),
        restart_episodes=(RestartEpisode("power board", "sign", Evidence(7, None, SECOND)),),
        chains=(
            ExchangeStats("status", 3, 2, (HopStats(PWR_TO_COM, 1, 3, None), HopStats(COM_TO_OCPP, 1, 2, SECOND))),
        ),
        zone=UTC,
    )
    found = json.loads(json.dumps(build_report_object(report)))
    first = "1970-01-01T00:00:01.000000+00:00"
    assert found["registrations"] == [
        {
            "state": "accepted",
            "since": first,
            "seconds": 11.0,
            "announcements": 3,
            "period": 5.0,
            "evidence": "it says so",
        }
    ]
    assert found["restarts"] == [
        {"of": "power board", "time": first, "number": 7, "line": None, "evidence": "sign"},
    ]
    assert found["chains"] == [
        {
            "name": "status",
            "count": 3,
            "whole": 2,
            "hops": [
                {"link": "pwrboard", "direction": "pwr>com", "command": "01", "count": 3, "after": None},
                {"link": "dbus", "direction": "com>ocpp", "command": "0001", "count": 2, "after": 1.0},
            ],
        }
    ]


def test_a_pending_registration_has_no_evidence() -> None:
    report = plain_report(registrations=(RegistrationEpisode(None, 1, None, None),))
    (found,) = build_report_object(report)["registrations"]
    assert (found["state"], found["since"], found["seconds"], found["evidence"]) == ("pending", None, None, None)


def test_ocpp_calls_are_counted() -> None:
    ocpp = OcppTraffic((OcppAction("Reset", "csms>ocpp", 3, 1, 1),), 2)
    assert build_report_object(plain_report(ocpp=ocpp))["ocpp"] == {
        "actions": [{"action": "Reset", "direction": "csms>ocpp", "calls": 3, "results": 1, "errors": 1}],
        "without_call": 2,
    }
