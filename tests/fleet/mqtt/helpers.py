"""Helpers for the tests of publishing: targets, a publisher of one capture, and stand-ins."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from sniffer.config.publish_settings import PublishSettings
from sniffer.core.pipeline import Pipeline
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.record import Record
from sniffer.fleet.mqtt.broker.address import parse_address
from sniffer.fleet.mqtt.broker.connection import Bench
from sniffer.fleet.mqtt.broker.login import read_login
from sniffer.fleet.mqtt.delivery.cursor import CursorFolder
from sniffer.fleet.mqtt.delivery.recording_reader import RecordingReader, find_size_on_disk
from sniffer.fleet.mqtt.messages.session_messages import SessionItem
from tests.paths import CAPTURES

DEFINITION = packaged_definition()
CAPTURE = CAPTURES / "mains-sag.pcapng"
"""A session with a fault, measured values, and frames of both sides."""


def bench_of(to: str, name: str = "b1", **settings: str) -> Bench:
    """Return what a connection is made with."""
    address = parse_address(to)
    login = read_login(PublishSettings(to=to, **settings), has_tls=address.has_tls, environment={})  # type: ignore[arg-type]
    return Bench(address, login, name, "evse-sniff-test")


def cursors_of(folder: Path, to: str = "mqtt://127.0.0.1:1883/benches") -> CursorFolder:
    return CursorFolder(to, "b1", folder)


def read_all(path: Path) -> list[SessionItem]:
    """Return the records of a capture."""
    reader = RecordingReader(path, DEFINITION, lambda: find_size_on_disk(path))
    found: list[SessionItem] = []
    try:
        while (items := reader.read()) is not None:
            found += items
    finally:
        reader.close()
    return found


def read_records(path: Path = CAPTURE) -> list[Record]:
    """Return the records of a file."""
    return [item for item in read_all(path) if isinstance(item, Record)]


class GivenItems:
    """A session that gives these items, a few at a time."""

    zone = None

    def __init__(self, items: Iterable[SessionItem], size: int = 16, ends: Exception | None = None) -> None:
        self._items = [*items]
        self._size = size
        self._ends = ends
        self.is_closed = False

    def read(self) -> Sequence[SessionItem] | None:
        if not self._items:
            if self._ends:
                raise self._ends
            return None
        found, self._items = self._items[: self._size], self._items[self._size :]
        return found

    def close(self) -> None:
        self.is_closed = True


def new_pipeline() -> Pipeline:
    return Pipeline(DEFINITION)
