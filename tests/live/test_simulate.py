"""The simulated charger on a pseudo-terminal, tapped by another process: the live path without hardware."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.live.helpers import PATIENCE, Tap
from tests.tools import EVSE_SNIFF


@contextmanager
def simulated(*options: str) -> Iterator[str]:
    """Start `simulate` and yield the path that it prints."""
    process = subprocess.Popen([*EVSE_SNIFF, "simulate", *options], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_tap_sees_the_charger_boot_and_its_connector_become_available():
    with simulated() as port, Tap(port) as tap:
        records = tap.until("status")
        events = [found["event"] for found in records if found["type"] == "event"]
        assert [event for event in events if event not in ("rate", "link_health")] == ["boot", "registration", "status"]
        assert records[0]["name"] == "phase voltages"
        answers = [record for record in records if record.get("name") == "announcement answer"]
        assert [answer["fields"]["charge_point_id"] for answer in answers] == ["10427240"]
        assert "noise" not in {found["type"] for found in records}
        assert records[-1]["to"] == "Available"
        assert tap.interrupt() == (0, "")


def test_registration_is_pending_from_the_first_announcement_on():
    with simulated("--scenario", "pending") as port, Tap(port) as tap:
        first = tap.until("registration")[-1]
        assert (first["state"], first["announcements"]) == ("pending", 1)


def test_the_charger_keeps_time_at_another_baud_rate():
    with simulated("--baud", "9600") as port, Tap(port, "--baud", "9600") as tap:
        assert tap.until("status")[-1]["to"] == "Available"


def test_the_demo_needs_no_port():
    with Tap("demo:restarts") as tap:
        assert tap.until("status")[-1]["to"] == "Available"
        assert tap.interrupt() == (0, "")
