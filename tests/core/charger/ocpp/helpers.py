"""A charger on the bench whose log prints OCPP messages."""

import json
from typing import Any

from sniffer.core.charger.events import Event
from sniffer.core.protocol.log_lines import LogLine
from tests.core.charger.helpers import LINES, Bench

AT = 1_712_126_183_000_000_000
"""2024-04-03T06:36:23Z."""


class DialogueBench(Bench):
    """The bench, with a time, and with lines for the messages of both sides. `zone` is the label of the log's times."""

    def __init__(self) -> None:
        super().__init__()
        self.charger.expect_both_links()
        self.time: int = AT
        self.zone: int | None = None

    def central(self, *parts: Any) -> list[Event]:
        """Receive a message of the central system."""
        return self.ocpp_line(f"<=CSMS:{json.dumps(parts)}")

    def charger_says(self, *parts: Any) -> list[Event]:
        """Receive a message of the charger."""
        return self.ocpp_line(f"=>CSMS:{json.dumps(parts)}")

    def ocpp_line(self, text: str) -> list[Event]:
        events: list[Event] = self.take(LINES.read(LogLine(self.time, "ocpp", text, zone=self.zone)))
        return events
