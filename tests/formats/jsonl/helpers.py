"""Helpers for the tests of the writer: the keys of each object, and the objects of a session."""

import json
from datetime import UTC

from sniffer.core.pipeline import Pipeline
from sniffer.core.wire.items import TapGap
from sniffer.formats.charger_log import parse_line
from sniffer.formats.jsonl import writer
from tests.core.protocol.helpers import DEFINITION

COMMON = {"type", "time", "number"}
FRAME = COMMON | {"link", "direction", "seq", "command", "name", "payload", "raw", "fields", "summary"}
REFERS = {"answers", "repeats", "relays", "relayed_by"}
FAULT = COMMON | {
    "event",
    "connector",
    "ocpp_error",
    "vendor_error",
    "m4_error",
    "meaning",
    "implied",
    "agree",
    "says",
    "measured",
    "courses",
}
STORY = {"evidence", "before", "earlier"}
SPAN = {"since", "duration", "reports", "earlier", "total"}
EXCHANGE = COMMON | {"event", "link", "direction", "seq", "command", "name", "tries"}
KEYS = {
    "frame": FRAME,
    "noise": COMMON | {"raw", "reason"},
    "text": COMMON | {"process", "text"},
    "status": COMMON | {"event", "connector", "from", "to", "legal", "dwell", "cp_voltage", "cp_state"},
    "fault_raised": FAULT | STORY,
    "fault_changed": FAULT | STORY,
    "fault_cleared": FAULT | SPAN,
    "contradiction": COMMON | {"event", "connector", "rule", "meaning", "provenance"},
    "warning": COMMON | {"event", "connector", "rule", "meaning", "provenance"},
    "disagreement": COMMON | {"event", "connector", "field", "reported", "relayed", "report"},
    "ocpp_error": COMMON | {"event", "action", "id", "code", "description", "request"},
    "clock": COMMON | {"event", "difference", "label", "zone"},
    "boot": COMMON | {"event", "count", "vendor", "model", "serial", "firmware"},
    "registration": COMMON | {"event", "state", "since", "announcements", "period", "evidence"},
    "restart": COMMON | {"event", "of", "evidence"},
    "boot_loop": COMMON | {"event", "of", "boots", "period", "since"},
    "boot_loop_ended": COMMON | {"event", "of", "boots", "period", "since"},
    "unanswered": EXCHANGE | {"request"},
    "overdue": COMMON | {"event", "link", "direction", "command", "name", "period", "late"},
    "card_reader": COMMON | {"event", "count", "since", "last", "period"},
    "card_reader_ended": COMMON | {"event", "count", "since", "last", "period"},
    "retransmission": EXCHANGE | {"first"},
    "link_health": COMMON | {"event", "health", "reason", "since"},
    "source_lost": COMMON | {"event", "reason"},
    "source_back": COMMON | {"event", "how", "away"},
    "rate": COMMON | {"event", "baud", "evidence"},
    "wiring": COMMON | {"event", "kind", "meaning", "taps"},
    "wiring_ended": COMMON | {"event", "kind", "taps"},
}


def lines_of(*items, zone=UTC, lost=None):
    """Return the lines that `dump --json` prints for a session of these items."""
    pipeline = Pipeline(DEFINITION)
    records = [record for item in items for record in pipeline.feed(item)] + pipeline.flush()
    records += pipeline.feed(TapGap(*lost)) if lost else []
    return [line for record in records for line in writer.format_lines(record, DEFINITION, zone)]


def objects(*items, **options):
    return [json.loads(line) for line in lines_of(*items, **options)]


def of_log(*texts, **options):
    return objects(*map(parse_line, texts), **options)
