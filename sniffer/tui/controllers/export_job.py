"""One export: records of the session into a file.

In: an `ExportRequest` and the session. Out: the file. When the export fails (`OutputError`) or is cancelled, no file is
left. Records are read and encoded in slices on the loop, because the record store is not thread-safe; between slices,
keys and bytes are handled. Only finished bytes go to a thread, so that a slow disk does not delay reading.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from time import monotonic

from sniffer.base.atomic_file import NewFile
from sniffer.base.blocking import run_to_end
from sniffer.base.errors import OutputError
from sniffer.core.protocol.definition import Definition
from sniffer.formats.entry import Origin, RecordEntry
from sniffer.formats.registry import entries_of, size_of_nothing
from sniffer.tui.screens.export_dialog import ExportRequest
from sniffer.tui.state.session_view import SLICE, SessionView


class ExportJob:
    """One export. `count` is the number of records written so far, `notes` the notes among them by record number.

    `report_progress` is called with the share that is written, from 0 to 1.
    """

    def __init__(
        self,
        request: ExportRequest,
        session_view: SessionView,
        definition: Definition,
        report_progress: Callable[[float], None],
    ) -> None:
        self.count = 0
        self.notes: dict[int, str] = {}
        self._request = request
        self._session_view = session_view
        self._report_progress = report_progress
        source = session_view.session.source
        self._origin = Origin(definition, source.zone, source.name, source.baud, session_view.session.taps)
        self._size = 0
        self._share = 0.0
        self._filter_scan = session_view.filter_scan

    async def run(self) -> None:
        """Write the whole file. Raises `OutputError` if it cannot be written, or if it would hold no record."""
        request = self._request
        file = NewFile(request.path, packing=request.packing, replace=request.replace)
        try:
            await run_to_end(file.open)
            for block in self._encode_blocks(await self._find_numbers()):
                await run_to_end(partial(file.write, block))
                self._report_progress(self._share)
            if not self.count:
                raise OutputError(f"{request.path}: not written, as the filter lets no record through")
            if self._size <= size_of_nothing(request.format, self._origin):
                raise OutputError(
                    f"{request.path}: not written, as {request.format.ending} holds none of the records: name a .pcapng"
                )
            await run_to_end(file.keep)
        except BaseException:
            await run_to_end(file.give_up)
            raise

    async def _find_numbers(self) -> Iterable[int]:
        """Return the numbers of the requested records, after the filter has examined all of them."""
        request, scan = self._request, self._filter_scan
        if request.part != "filtered" or scan is None:
            return range(request.first, request.last + 1)
        while not scan.has_scanned(request.last):
            scan.run_for(SLICE)
            self._report_progress(0.0)
            await asyncio.sleep(0)
        return scan.matching_numbers(request.last)

    def _encode_blocks(self, numbers: Iterable[int]) -> Iterator[bytes]:
        """Yield the bytes of the file, as many at a time as one slice encodes."""
        request = self._request
        entries = entries_of(self._session_view.store, numbers, dict(self._session_view.notes))
        block, until = bytearray(), monotonic() + SLICE
        for piece in request.format.encode(self._count(entries), self._origin):
            block += piece
            self._size += len(piece)
            if monotonic() > until:
                yield bytes(block)
                block, until = bytearray(), monotonic() + SLICE
        yield bytes(block)

    def _count(self, entries: Iterable[RecordEntry]) -> Iterator[RecordEntry]:
        """Pass the entries on, and count them and their notes."""
        request = self._request
        for entry in entries:
            number = entry.record.number
            self.count += 1
            if entry.note and request.format.holds_notes:
                self.notes[number] = entry.note
            self._share = (number - request.first + 1) / (request.last - request.first + 1)
            yield entry
