"""A wrong certificate, a wrong password, a topic that the ACL forbids: one line each, and the recording is whole."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.fleet.test_publish import Bench
from tests.fleet.mqtt.mosquitto import Mosquitto, make_certificates, make_passwords
from tests.tools import EVSE_SNIFF


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wrong", "about"),
    [
        ("ca", "its certificate is not accepted"),
        ("password", "the broker refuses user and password"),
        ("topic", "this bench may not publish to benches/b1/status: allow it in the ACL of the broker"),
    ],
)
def test_a_refusal_is_one_line_and_the_recording_is_whole(tmp_path: Path, wrong: str, about: str) -> None:
    made, other = make_certificates(tmp_path / "made"), make_certificates(tmp_path / "other")
    rules = tmp_path / "acl"
    rules.write_text(f"user me\ntopic write {'elsewhere' if wrong == 'topic' else 'benches'}/b1/#\n")
    rules.chmod(0o600)
    lines = *made.lines, f"password_file {make_passwords(tmp_path, me='right')}", f"acl_file {rules}"
    capture = tmp_path / "a.pcapng"
    with Mosquitto(tmp_path / "broker", *lines, is_open=False) as broker:
        settings = {
            "to": broker.address.replace("mqtt:", "mqtts:"),
            "bench": "b1",
            "user": "me",
            "password": "wrong" if wrong == "password" else "right",
            "ca": str((other if wrong == "ca" else made).ca),
        }
        table = "".join(f'{key} = "{value}"\n' for key, value in settings.items())
        bench = Bench(tmp_path / "home", f"[publish]\n{table}")
        status, printed, complained = bench.run("record", "demo", "--frames", "12", "-o", str(capture))
    assert status == 0
    assert "12 frames" in printed
    first, last = complained.splitlines()
    assert about in first
    assert first.endswith("(tried again until it succeeds)")
    assert about in last
    assert "the rest is in the recording" in last
    dumped = subprocess.run([*EVSE_SNIFF, "dump", "--json", capture], capture_output=True, text=True, check=True)
    assert sum(json.loads(line)["type"] == "frame" for line in dumped.stdout.splitlines()) == 12
