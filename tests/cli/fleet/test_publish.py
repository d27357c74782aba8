"""`evse-sniff publish`: real processes, a real broker, and what is said when something is wrong."""

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.fleet.mqtt.mosquitto import Mosquitto, Subscriber
from tests.live.helpers import PATIENCE, free_port
from tests.paths import CAPTURES
from tests.tools import EVSE_SNIFF
from tests.waiting import wait_until

LOG = str(CAPTURES / "undervoltage.log")


class Bench:
    """A machine with a home of its own."""

    def __init__(self, home: Path, settings: str = "") -> None:
        self.home = home
        (home / "evse-sniff").mkdir(parents=True, exist_ok=True)
        (home / "evse-sniff" / "settings.toml").write_text(settings)
        self._environment = os.environ | {"XDG_CONFIG_HOME": str(home), "XDG_STATE_HOME": str(home)}

    def start(self, *words: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [*EVSE_SNIFF, *words],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str) -> tuple[int, str, str]:
        running = self.start(*words)
        printed, complained = running.communicate(timeout=PATIENCE)
        return running.returncode, printed, complained


def test_a_file_is_sent_to_its_end(tmp_path: Path) -> None:
    with Mosquitto(tmp_path / "broker") as broker, Subscriber(broker.port) as store:
        bench = Bench(tmp_path, f'[publish]\nto = "{broker.address}"\nbench = "b7"\n')
        status, printed, complained = bench.run("publish", LOG)
        assert (status, complained) == (0, "")
        wait_until(lambda: printed == f"published {len(store.messages)} messages to {broker.address}/b7\n")
        assert {one.topic for one in store.messages} == {"benches/b7/event", "benches/b7/measure"}
        assert [one.object["event"] for one in store.of("event")][-1] == "fault_raised"
        assert "published before (--again sends them once more)" in bench.run("publish", LOG)[1]


def test_a_live_session_is_recorded_and_sent(tmp_path: Path) -> None:
    capture = tmp_path / "a.pcapng"
    with Mosquitto(tmp_path / "broker") as broker, Subscriber(broker.port) as store:
        words = "publish", "demo", "--to", broker.address, "--bench", "b1", "--frames", "-o", str(capture)
        running = Bench(tmp_path).start(*words)
        wait_until(lambda: store.of("frames") and store.of("measure"))
        running.send_signal(signal.SIGINT)
        printed, complained = running.communicate(timeout=PATIENCE)
        assert (running.returncode, complained) == (0, "")
        began, recorded, published = printed.splitlines()
        assert began.startswith(f"publishing to {broker.address}/b1; recording demo into {capture}")
        assert recorded.startswith("recorded ")
        assert published.startswith("published ")
        wait_until(lambda: not store.of("status")[-1].object["online"])
    dumped = subprocess.run([*EVSE_SNIFF, "dump", "--json", capture], capture_output=True, text=True, check=True)
    frames = [one["raw"] for line in dumped.stdout.splitlines() if (one := json.loads(line))["type"] == "frame"]
    assert [one["raw"] for message in store.of("frames") for one in message.lines] == frames


def test_without_a_broker_ctrl_c_ends_it_and_says_what_is_left(tmp_path: Path) -> None:
    words = "publish", LOG, "--to", f"mqtt://127.0.0.1:{free_port()}/x"
    running = Bench(tmp_path).start(*words)
    assert running.stderr is not None
    assert "nothing listens there" in running.stderr.readline()
    running.send_signal(signal.SIGINT)
    _, complained = running.communicate(timeout=PATIENCE)
    assert running.returncode == 1
    assert "the same command goes on where this one ended" in complained


@pytest.mark.parametrize(
    ("words", "status", "about"),
    [
        ([], 1, "no broker is named"),
        (["--to", "mqtt://10.0.0.1/x"], 1, "allow it by --without-tls"),
        (["--to", "mqtts://me:secret@b/x"], 1, "name user and password in `[publish]`"),
        (["--to", "mqtt://localhost/x", "--bench", "a/b"], 1, "cannot be the name of a bench"),
        (["--to", "mqtt://localhost/x", "--duration", "3"], 2, "argument --duration: it is for a live session"),
        (["--to", "mqtt://localhost/x", "-o", "a.pcapng"], 2, "argument -o: it is for a live session"),
        (["--to", "mqtt://localhost/x", "-o", "a.csv"], 2, "a recording is a capture"),
    ],
)
def test_what_is_wrong_is_reported_in_one_line(tmp_path: Path, words: list[str], status: int, about: str) -> None:
    done = Bench(tmp_path).run("publish", LOG, *words)
    assert done[0] == status
    last = done[2].splitlines()[-1]
    assert about in last
    assert "secret" not in done[2]
    assert status == 2 or done[2].count("\n") == 1
