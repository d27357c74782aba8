"""The status as a JSON object: what is known, and null where nobody knows."""

import json

import pytest

from sniffer.base.times import SECOND
from sniffer.core.charger.health.link_health import assess_link
from sniffer.core.charger.snapshot import Snapshot
from sniffer.core.pipeline import Pipeline
from sniffer.core.wire.items import Chunk
from sniffer.formats.jsonl.status_object import SessionStatus, build_status_object
from tests.core.protocol.helpers import DEFINITION
from tests.tui.helpers import status_report

AT = 1_700_000_000 * SECOND


def status_of(snapshot, now):
    return SessionStatus(snapshot, assess_link(snapshot.link, now), now)


def test_nothing_is_known_before_the_first_byte():
    status = status_of(Snapshot(), AT)
    found = build_status_object(status, "port", DEFINITION, None)
    assert (found["health"], found["connectors"], found["fault_active"]) == ("nothing heard", [], None)
    assert found["exit_status"] == status.exit_status == 5


@pytest.mark.parametrize(("seconds", "age", "is_known"), [(1, None, True), (600, 600, False)])
def test_a_report_that_is_too_old_says_nothing(seconds, age, is_known):
    pipeline = Pipeline(DEFINITION)
    pipeline.feed(Chunk(status_report("Charging"), AT))
    found = build_status_object(status_of(pipeline.snapshot(), AT + seconds * SECOND), "port", DEFINITION, None)
    (connector,) = found["connectors"]
    assert (connector["status"], connector["age"]) == ("Charging", age)
    assert found["fault_active"] is (False if is_known else None)
    assert json.loads(json.dumps(found)) == found
