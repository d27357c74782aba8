"""Helpers for the tests of the charger's text log."""

from datetime import UTC

from sniffer.core.protocol.log_lines import LogLine
from sniffer.core.wire.items import Chunk, TapGap
from sniffer.formats.charger_log_writer import encode_record
from tests.records import records_of


def lines_of(*items: Chunk | LogLine | TapGap) -> str:
    """Return the lines of a session of these items."""
    return b"".join(encode_record(record, UTC) for record in records_of(*items)).decode()
