"""`record` publishes as well when the settings name a broker, and never fails because it cannot."""

from pathlib import Path

import pytest

from sniffer.cli.options.publish_option import build_publishing
from sniffer.config.publish_settings import PublishSettings
from tests.cli.fleet.test_publish import Bench
from tests.fleet.mqtt.helpers import DEFINITION
from tests.fleet.mqtt.mosquitto import Mosquitto, Subscriber
from tests.live.helpers import free_port


def test_record_publishes_what_it_records(tmp_path: Path) -> None:
    with Mosquitto(tmp_path / "broker") as broker, Subscriber(broker.port) as store:
        bench = Bench(tmp_path, f'[publish]\nto = "{broker.address}"\nbench = "b7"\nframes = true\n')
        words = "record", "demo", "--frames", "4"
        status, printed, complained = bench.run(*words, "-o", str(tmp_path / "a.pcapng"))
        assert (status, complained) == (0, "")
        assert printed.splitlines()[-1].startswith("published ")
        assert sum(len(one.lines) for one in store.of("frames")) == 4
        before = len(store.messages)
        status, printed, complained = bench.run(*words, "-o", str(tmp_path / "b.pcapng"), "--no-publish")
        assert (status, complained) == (0, "")
        assert "published" not in printed
        assert len(store.messages) == before


def test_record_without_a_broker_says_so_and_records(tmp_path: Path) -> None:
    bench = Bench(tmp_path, f'[publish]\nto = "mqtt://127.0.0.1:{free_port()}/x"\n')
    status, printed, complained = bench.run("record", "demo", "--frames", "4", "-o", str(tmp_path / "a.pcapng"))
    assert status == 0
    assert "4 frames" in printed
    first, last = complained.splitlines()
    assert first.startswith("evse-sniff: NOT PUBLISHED: 127.0.0.1:")
    assert last.startswith("evse-sniff: NOT all PUBLISHED (127.0.0.1:")


@pytest.mark.parametrize(
    ("settings", "is_recorded", "about"),
    [
        (PublishSettings(), True, ""),
        (PublishSettings(to="mqtt://localhost/x"), False, "only a session that is recorded as a whole"),
        (PublishSettings(to="mqtt://10.0.0.1/x"), True, "in clear"),
    ],
)
def test_nothing_is_published_for_a_reason(settings, is_recorded, about):
    complaints: list[str] = []
    assert build_publishing(settings, DEFINITION, is_recorded=is_recorded, complain=complaints.append) == []
    assert [about in line for line in complaints] == ([True] if about else [])
