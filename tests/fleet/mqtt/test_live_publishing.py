"""Publishing beside a session: its records as they are recorded, its state as it is, and never in its way."""

import asyncio
import time

import pytest

from sniffer.base.errors import PublishError
from sniffer.fleet.mqtt import live_publishing
from sniffer.fleet.mqtt.delivery.cursor import CursorFolder
from sniffer.fleet.mqtt.delivery.publish_state import PublishState
from sniffer.fleet.mqtt.live_publishing import LivePublishing
from sniffer.fleet.mqtt.messages.bench_status import BenchStatus
from sniffer.fleet.mqtt.publish_target import PublishTarget
from sniffer.recording.destination import SingleFile
from sniffer.recording.recorder import Recorder
from sniffer.session import Attachments, Session
from tests.fleet.mqtt.helpers import DEFINITION, bench_of
from tests.fleet.mqtt.mosquitto import Mosquitto, Subscriber
from tests.helpers import FRAME, SILENCE, Script
from tests.live.helpers import free_port
from tests.waiting import wait_until


class Bench:
    """A bench whose line gives these steps, recorded and published."""

    def __init__(self, folder, to, *steps, name="a.pcapng", home_assistant=""):
        self.reports = list[str]()
        cursors = CursorFolder(to, "b1", folder / "cursors")
        self.target = PublishTarget(bench_of(to), cursors, has_frames=True, home_assistant=home_assistant)
        self.publishing = LivePublishing(self.target, DEFINITION, self.reports.append)
        self.path = folder / name
        recorder = Recorder(self.publishing.wrap(SingleFile(self.path)), "line", None)
        script = Script(*steps)
        attachments = Attachments(recorder, observers=[self.publishing])
        self.session = Session(script, script.pipeline, attachments=attachments, idle=0.001)

    async def run(self):
        assert self.session.recorder
        await self.session.recorder.open()
        await self.session.run()
        return self


def lines_of(store):
    return [one for message in store.of("frames") for one in message.lines]


async def test_a_session_is_published_to_its_end(tmp_path):
    with Mosquitto(tmp_path) as broker, Subscriber(broker.port) as store:
        bench = await Bench(tmp_path, broker.address, FRAME, SILENCE, FRAME + b"\x00", SILENCE).run()
        wait_until(lambda: store.of("status") and not store.of("status")[-1].object["online"])
    assert [one["type"] for message in store.of("frames") for one in message.lines] == ["frame", "frame", "noise"]
    first, *_, last = [message.object for message in store.of("status")]
    assert (first["health"], first["online"], first["not_recorded"]) == ("nothing heard", True, None)
    assert last["reason"] == "the session has ended"
    assert bench.publishing.state.is_done
    assert bench.publishing.summary.startswith("published ")
    assert bench.reports == []


def test_the_lag_is_zero_only_while_all_is_with_the_broker(tmp_path, monkeypatch):
    publishing = Bench(tmp_path, "mqtt://127.0.0.1:1/x").publishing
    now = time.monotonic()

    def figures(after, **state):
        monkeypatch.setattr(live_publishing, "monotonic", lambda: now + after)
        monkeypatch.setattr(LivePublishing, "state", PublishState(**state))
        return {gauge.name: gauge.read() for gauge in publishing.gauges}

    assert figures(10, is_connected=True) == {"publish_lag_seconds": 0, "publish_waiting": 0, "publish_connected": True}
    assert figures(14, is_connected=True, waiting=3)["publish_lag_seconds"] == 4
    assert figures(19)["publish_lag_seconds"] == 9
    assert figures(20, is_connected=True)["publish_lag_seconds"] == 0


async def test_what_is_not_published_is_in_the_recording_and_sent_by_the_next_session(tmp_path):
    with Mosquitto(tmp_path / "broker") as broker, Subscriber(broker.port) as store:
        broker.stop()
        began = time.monotonic()
        first = await Bench(tmp_path, broker.address, FRAME, FRAME).run()
        assert time.monotonic() - began < live_publishing.DRAIN
        assert first.publishing.summary.startswith("NOT all PUBLISHED (127.0.0.1:")
        broker.start()
        store.wait_until_subscribed()
        second = await Bench(tmp_path, broker.address, b"\x00" + FRAME, SILENCE, name="b.pcapng").run()
        assert second.publishing.summary.startswith("published ")
        wait_until(lambda: len(lines_of(store)) == 4)
    sessions = [one["session"] for one in lines_of(store)]
    assert sessions == [sessions[0]] * 2 + [sessions[2]] * 2
    assert sessions[0] != sessions[2]


async def test_the_status_follows_the_session(tmp_path, monkeypatch):
    monkeypatch.setattr(live_publishing, "TICK", 0.02)
    with Mosquitto(tmp_path) as broker, Subscriber(broker.port) as store:

        class Waiting(Script):
            async def run(self, take):
                await super().run(take)
                while not any(one.object.get("connectors") for one in store.of("status")):
                    await asyncio.sleep(0.01)

        bench = Bench(tmp_path, broker.address)
        waiting = Waiting(FRAME, SILENCE)
        waiting.pipeline = bench.session._pipeline
        bench.session.source = waiting
        await bench.run()
    assert any(one.object.get("connectors") for one in store.of("status"))


async def test_a_bench_appears_in_home_assistant(tmp_path):
    with Mosquitto(tmp_path) as broker, Subscriber(broker.port) as store:
        await Bench(tmp_path, broker.address, FRAME, SILENCE, home_assistant="ha").run()
        wait_until(lambda: store.of("config"))
    assert store.of("config")[0].topic == "ha/device/evse-sniff-b1/config"
    assert store.of("config")[0].object["device"]["name"] == "b1"


async def test_a_status_that_cannot_be_made_is_reported_and_the_session_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr(BenchStatus, "update", _fail)
    with Mosquitto(tmp_path) as broker, Subscriber(broker.port) as store:
        bench = await Bench(tmp_path, broker.address, FRAME, SILENCE).run()
        wait_until(lambda: store.of("frames"))
    assert bench.reports == ["the status of the bench is not published any more: RuntimeError: broken"]


def test_two_programs_do_not_publish_as_one_bench(tmp_path):
    to = f"mqtt://127.0.0.1:{free_port()}/benches"
    first = Bench(tmp_path, to)
    with pytest.raises(PublishError, match="another evse-sniff"):
        Bench(tmp_path, to)
    first.target.cursors.release()


def _fail(*_):
    raise RuntimeError("broken")
