"""The broker of the documentation: its commands and files, with only the name of the machine and the ports changed."""

import re
import subprocess
from pathlib import Path

from tests.cli.fleet.test_publish import Bench
from tests.fleet.mqtt.mosquitto import Subscriber, need_mosquitto
from tests.live.helpers import free_port
from tests.paths import CAPTURES, ROOT
from tests.tools import need
from tests.waiting import wait_until

TEXT = (
    (ROOT / "sniffer" / "docs" / "fleet.md").read_text("utf-8").partition("\n### The broker\n")[2].partition("\n## ")[0]
)
COMMANDS = [line for block in re.findall(r"^```sh\n(.*?)^```", TEXT, re.DOTALL | re.M) for line in block.splitlines()]
FILES = re.findall(r"^`([\w.]+)`[^\n]*\n(?:[^`\n][^\n]*\n)*\n```conf\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)
(SETTINGS,) = re.findall(r"^```toml\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)


def test_a_bench_publishes_to_the_broker_that_the_documentation_sets_up(tmp_path: Path) -> None:
    need("openssl")
    port, plain_port = free_port(), free_port()
    assert [name for name, _ in FILES] == ["broker.conf", "passwords", "acl"]
    for name, content in FILES:
        path = tmp_path / name
        path.write_text(content.replace("listener 8883", f"listener {port} 127.0.0.1"))
        path.chmod(0o600)
    # The store of this test listens without TLS.
    conf = tmp_path / "broker.conf"
    conf.write_text(f"user root\nper_listener_settings false\n{conf.read_text()}listener {plain_port} 127.0.0.1\n")
    *setting_up, starting = COMMANDS
    assert starting == "mosquitto -c broker.conf"
    for line in setting_up:
        subprocess.run(["bash", "-c", _here(line)], cwd=tmp_path, check=True, capture_output=True)
    assert "a long password" not in (tmp_path / "passwords").read_text()
    broker = subprocess.Popen([need_mosquitto(), "-c", "broker.conf"], cwd=tmp_path, stderr=subprocess.DEVNULL)
    try:
        (tmp_path / "password").write_text("a long password\n")
        settings = SETTINGS.replace("broker.example:8883", f"127.0.0.1:{port}")
        bench = Bench(tmp_path / "home", settings.replace("~/.config/evse-sniff", str(tmp_path)))
        capture = str(CAPTURES / "mains-sag.pcapng")
        status, printed, complained = bench.run("publish", capture)
        assert (status, complained) == (0, "")
        with Subscriber(plain_port, "store", "store", "another one") as store:
            status, printed, complained = bench.run("publish", capture, "--again")
            assert (status, complained) == (0, "")
            wait_until(lambda: printed.startswith(f"published {len(store.messages)} messages"))
            assert {one.topic for one in store.messages} == {"benches/bench1/event", "benches/bench1/measure"}
    finally:
        broker.terminate()
        broker.wait()


def _here(line: str) -> str:
    """Return a command for a broker on this machine."""
    return line.replace("DNS:broker.example", "IP:127.0.0.1").replace("broker.example", "127.0.0.1")
