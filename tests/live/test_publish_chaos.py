"""Each fault once, under load: nothing is missing at the broker, invented or out of order, and the tap loses nothing.

`python -m tests.fleet.mqtt.chaos` causes twenty of them, and cuts the network off for a minute.
"""

from pathlib import Path

import pytest

from tests.fleet.mqtt.chaos import run


@pytest.mark.slow
def test_every_record_is_at_the_broker_after_each_kind_of_fault(tmp_path: Path) -> None:
    outcome = run(4, 1, folder=tmp_path)
    assert outcome.recorded > 100
    assert outcome.holds, outcome
