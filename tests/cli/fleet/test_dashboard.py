"""`dashboard`: what Grafana imports, and that it names metrics which exist and are described."""

import json
import re

from msgspec.structs import replace

from sniffer.config.documentation import find_topic
from sniffer.fleet.metrics.families import build_families
from sniffer.fleet.metrics.observer import MetricsObserver
from sniffer.fleet.metrics.sample import GaugeSample
from sniffer.fleet.mqtt.live_publishing import LivePublishing
from sniffer.recording.destination import SingleFile
from sniffer.recording.recorder import Recorder
from tests.cli.helpers import run
from tests.core.protocol.helpers import DEFINITION
from tests.fleet.metrics.helpers import last_sample, observe, report


async def names_offered(tmp_path):
    """Return the names of all metrics, as Prometheus queries them and as the documentation names them."""
    observer = MetricsObserver(DEFINITION)
    recorder = Recorder(SingleFile(tmp_path / "a.pcapng"), "played", None)
    items = [report("Available", 0), report("Faulted", 1, error="UnderVoltage", m4=14)]
    observer.take_sample(await observe(observer, items, recorder=recorder))
    published = (GaugeSample(gauge.name, gauge.about, 1.0) for gauge in object.__new__(LivePublishing).gauges)
    sample = replace(last_sample(observer), gauges=tuple(published))
    families = list(build_families(sample, DEFINITION))
    kinds = {family.name: family.type for family in families}
    described = {f"{name}_total" if kind == "counter" else name for name, kind in kinds.items()} | {"evse_sniff_up"}
    parts = {f"{name}_{part}" for name, kind in kinds.items() if kind == "histogram" for part in PARTS}
    return described | parts, described


PARTS = ("bucket", "sum", "count")


async def test_every_metric_of_the_dashboard_exists(tmp_path):
    offered, described = await names_offered(tmp_path)
    done = run("dashboard")
    board = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, b"")
    queries = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    queries += [one["query"]["query"] for one in board["templating"]["list"] if one["type"] == "query"]
    used = {name for query in queries for name in re.findall(r"\bevse_\w+", query)}
    assert used - offered == set()
    unused = described - used - {"evse_answer_latency_seconds"}
    assert unused == {
        "evse_connectors_left_out",
        "evse_last_bytes_timestamp_seconds",
        "evse_noise_pieces_total",
        "evse_record_written",
        "evse_requests_answered_total",
        "evse_sniff_info",
    }


def test_the_panels_fill_rows_and_have_ids_of_their_own():
    board = json.loads(run("dashboard").stdout)
    places = [panel["gridPos"] for panel in board["panels"]]
    assert len({panel["id"] for panel in board["panels"]}) == len(places)
    cells = [
        (x, y)
        for one in places
        for x in range(one["x"], one["x"] + one["w"])
        for y in range(one["y"], one["y"] + one["h"])
    ]
    assert len(cells) == len(set(cells)) == 24 * (1 + max(y for _, y in cells))


async def test_the_documentation_lists_every_metric(tmp_path):
    _, described = await names_offered(tmp_path)
    topic = find_topic("fleet")
    assert topic is not None
    rows = [line for line in topic.text.splitlines() if line.startswith("| `evse_")]
    assert {name for row in rows for name in re.findall(r"`(evse_\w+)`", row)} == described
