"""The options of files reach whatever reads the capture: a file, a pipe, a file that grows."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from sniffer.base.errors import SourceError
from sniffer.core.wire.items import Segments
from sniffer.core.wire.links import COM_TO_PWR, PWRBOARD
from sniffer.formats.link_types import PacketLayout
from sniffer.sources.file_options import DEFAULT, FileOptions
from sniffer.sources.open import open_source
from sniffer.sources.pipe import PipeSource
from sniffer.sources.source import Item, Source
from tests.formats.pcap.helpers import header, record
from tests.waiting import until

POLL = PWRBOARD.build(COM_TO_PWR.head, 1, 0x32, b"\1\2\3")
OPTIONS = FileOptions(link_types={1: PacketLayout(skipped=2)})

Open = Callable[[Path, FileOptions], Source]


def open_pipe(path: Path, options: FileOptions) -> Source:
    return PipeSource(os.open(path, os.O_RDONLY), "-", options)


def open_path(path: Path, options: FileOptions) -> Source:
    return open_source(str(path), file_options=options)


@pytest.mark.parametrize("open_it", [open_path, open_pipe])
def test_the_layout_of_a_link_type_holds_for_files_and_pipes(open_it: Open, tmp_path: Path) -> None:
    path, items = tmp_path / "a.pcap", list[Item]()
    path.write_bytes(header(link_type=1) + record(b"\0\0" + POLL))
    asyncio.run(open_it(path, OPTIONS).run(items.append))
    assert items == [Segments([(POLL, 10**9)])]


def test_without_it_the_file_is_refused_when_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.pcap"
    path.write_bytes(header(link_type=1) + record(POLL))
    with pytest.raises(SourceError, match=r"a\.pcap: link type 1 \(Ethernet\) is not a serial line's"):
        open_path(path, DEFAULT)


async def test_it_holds_for_a_file_that_grows(tmp_path: Path) -> None:
    path, items = tmp_path / "a.pcap", list[Item]()
    path.write_bytes(header(link_type=1) + record(b"\0\0" + POLL))
    source = open_source(str(path), file_options=replace(OPTIONS, follow=True))
    running = asyncio.create_task(source.run(items.append))
    await until(lambda: items)
    running.cancel()
    assert items == [Segments([(POLL, 10**9)])]
