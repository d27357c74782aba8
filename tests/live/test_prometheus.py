"""`--metrics`, read by Prometheus itself: it takes the page, and answers every query of the dashboard."""

import json
import re
import signal
import subprocess
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.live.helpers import free_port
from tests.paths import ROOT
from tests.tools import EVSE_SNIFF, need

PATIENCE = 60.0
"""Seconds after which what did not happen will not."""

NEEDS_MORE_TIME = (
    *("evse_faults_raised", "evse_fault_active", "evse_requests_unanswered", "evse_retransmissions"),
    *("evse_line_errors", "evse_current", "evse_power", "evse_energy", "evse_answer_latency", "evse_events"),
    *("evse_publish",),
)
"""The beginnings of metrics that the first seconds of a simulated session may not have, or not with a rate."""


def ask(port: int, query: str) -> Any:
    """Return the result of a query."""
    url = f"http://127.0.0.1:{port}/api/v1/query?{urllib.parse.urlencode({'query': query})}"
    with urllib.request.urlopen(url, timeout=10) as answer:
        found = json.loads(answer.read())
    assert found["status"] == "success", found
    return found["data"]["result"]


def wait_for(port: int, query: str) -> None:
    """Wait until a query has a result."""
    began = time.monotonic()
    while True:
        try:
            if ask(port, query):
                return
        except OSError:
            pass
        assert time.monotonic() - began < PATIENCE, query
        time.sleep(0.2)


def stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    process.wait(PATIENCE)


@pytest.mark.slow
def test_prometheus_reads_a_session_and_answers_the_queries_of_the_dashboard(tmp_path: Path) -> None:
    page, port = free_port(), free_port()
    (tmp_path / "prometheus.yml").write_text(
        "global: {scrape_interval: 500ms, scrape_timeout: 500ms}\n"
        f"scrape_configs: [{{job_name: evse, static_configs: [{{targets: ['127.0.0.1:{page}']}}]}}]\n"
    )
    capture = tmp_path / "a.pcapng"
    bench = subprocess.Popen(
        [*EVSE_SNIFF, "record", "demo", "-q", "-o", str(capture), "--metrics", str(page)], cwd=ROOT
    )
    prometheus = subprocess.Popen(
        [need("prometheus"), "--config.file=prometheus.yml", "--storage.tsdb.path=data", "--log.level=error",
         f"--web.listen-address=127.0.0.1:{port}"],
        cwd=tmp_path,
    )  # fmt: skip
    try:
        wait_for(port, "rate(evse_bytes_read_total[4s]) > 0")
        wait_for(port, "evse_connector_status == 1")
        wait_for(port, "evse_temperature_celsius")
        with urllib.request.urlopen(f"http://127.0.0.1:{page}/metrics", timeout=10) as answer:
            text = answer.read()
        board = json.loads(subprocess.run([*EVSE_SNIFF, "dashboard"], capture_output=True, check=True, cwd=ROOT).stdout)
        queries = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
        assert len(queries) > 25
        empty = []
        for query in queries:
            found = ask(port, query.replace("$bench", ".*").replace("$__rate_interval", "4s"))
            empty += [] if found else re.findall(r"\bevse_\w+", query)
        assert [name for name in empty if not name.startswith(NEEDS_MORE_TIME)] == []
        assert ask(port, "up")[0]["value"][1] == "1"
    finally:
        stop(bench)
        stop(prometheus)
    checked = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, check=False)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, b"", b"")
    assert capture.stat().st_size > 200
