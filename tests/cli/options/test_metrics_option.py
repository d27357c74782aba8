"""`--metrics`: the addresses that it takes, and what it refuses in one line."""

import argparse
import os
import subprocess
from pathlib import Path

import pytest

from sniffer.cli.options.metrics_option import parse_address
from tests.cli.helpers import CAPTURE, refused, run
from tests.tools import EVSE_SNIFF


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("127.0.0.1:9464", "127.0.0.1", 9464),
        ("9464", "127.0.0.1", 9464),
        (":9464", "127.0.0.1", 9464),
        ("[::1]:80", "::1", 80),
        ("bench-1:9464", "bench-1", 9464),
    ],
)
def test_an_address_is_a_host_and_a_port(text: str, host: str, port: int) -> None:
    assert parse_address(text) == (host, port)


@pytest.mark.parametrize("text", ["", "bench-1", "bench-1:", "99999", "::1:80", "1:-1", "²", "http://bench-1"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=r"is not an address: write one such as 127\.0\.0\.1:9464"):
        parse_address(text)


def test_a_saved_session_has_no_metrics() -> None:
    done = run("dump", CAPTURE, "--metrics", "9464")
    assert done.returncode == 2
    assert b"is a saved session: leave it out, or read on with --follow" in done.stderr


def test_without_the_extra_one_line_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "prometheus_client.py").write_text("raise ImportError")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [*EVSE_SNIFF, "dump", "demo", "--metrics", "0"],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": path},
        timeout=60,
        check=False,
    )
    expected = "evse-sniff: --metrics needs prometheus-client: `pip install 'evse-sniff[fleet]'`\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", expected)


def test_a_host_that_is_not_there_is_one_line() -> None:
    assert "metrics cannot be offered at 192.0.2.1, port 9464" in refused("dump", "demo", "--metrics", "192.0.2.1:9464")
