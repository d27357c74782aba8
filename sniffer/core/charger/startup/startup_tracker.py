"""The start-up of a session: signs of announcements and restarts, read from messages and log lines.

It feeds the registration and the restarts, and knows what links them: announcements that begin after acceptance are a
restart of the power board.
"""

from collections.abc import Mapping
from typing import Final

from sniffer.base.native import mypyc_attr
from sniffer.core.charger.events import Event
from sniffer.core.charger.startup.registration import Registration, RegistrationEvent, RegistrationTracker, Sign
from sniffer.core.charger.startup.registration_events import Announcement
from sniffer.core.charger.startup.restarts import RestartEvent, Restarts, RestartTracker
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.wire.links import SPECIAL_SEQUENCES

SIGNS: Mapping[str, Sign] = {
    "boot": "frame",
    "boot answer": "frame answer",
    "handshake": "relay",
    "handshake answer": "relay answer",
}
"""The sign of an announcement that a message is, by the role of its command."""

ANNOUNCED = ("charge_point_vendor", "charge_point_model", "charge_point_serial_number", "firmware_version")
"""The fields of an announcement that its event carries."""

COUNTER = "counter"
"""The word in a command's sequences for the sequence counter of the OCPP module."""

_SHARED: Final = frozenset(SPECIAL_SEQUENCES)
"""The sequences that many messages share: they show nothing of the counter."""

StartupEvent = RegistrationEvent | RestartEvent


@mypyc_attr(allow_interpreted_subclasses=True)
class StartupTracker:
    """The registration and the restarts of one session. `add_counter` appends its events to `events`."""

    def __init__(self, events: list[Event]) -> None:
        self._events = events
        self._registration = RegistrationTracker()
        self._restarts = RestartTracker()
        self._accepted_at = 0

    @property
    def is_pending(self) -> bool:
        """True if registration is pending: other frames of the board may show acceptance."""
        return self._registration.is_pending

    @property
    def registration(self) -> Registration:
        """The registration as it is now."""
        return self._registration.snapshot()

    @property
    def restarts(self) -> tuple[Restarts, ...]:
        """The restarts as they are now."""
        return self._restarts.snapshot()

    def advance_time(self, time: int) -> list[RestartEvent]:
        """Return the ends of boot loops that have ended by this time."""
        return self._restarts.advance_time(time)

    def add_message(self, message: Message, number: int) -> list[StartupEvent]:
        """Add a message whose role is one of `SIGNS`; return the events that follow."""
        assert message.command is not None
        sign = SIGNS[message.command.role or ""]
        return self._add_sign(message.frame.time, sign, message.frame.sequence, number, _read_announcement(message))

    def add_announcement_line(self, time: int | None, number: int) -> list[StartupEvent]:
        """Add the log line of an announcement; return the events that follow."""
        return self._add_sign(time, "line", None, number, None)

    def add_pending_line(self, time: int | None, number: int) -> list[StartupEvent]:
        """Add the log line that says that registration is pending; return the events that follow."""
        return self._note_acceptance(self._registration.add_pending_line(time), number)

    def add_board_frame(self, time: int | None, number: int) -> list[StartupEvent]:
        """Add another frame of the power board; return the events that follow."""
        return self._note_acceptance(self._registration.add_board_frame(time), number)

    def add_boot_result(self, time: int | None, number: int, status: str) -> list[StartupEvent]:
        """Add the central system's answer to a BootNotification; return the events that follow."""
        return self._note_acceptance(self._registration.add_boot_result(time, status), number)

    def add_answered_call(self, time: int | None, number: int) -> list[StartupEvent]:
        """Add another OCPP call that was answered after a BootNotification; return the events that follow."""
        return self._note_acceptance(self._registration.add_answered_call(time), number)

    def add_counter(self, message: Message, number: int, line: int | None) -> None:
        """Add a message with a value of the OCPP module's sequence counter; append the events that follow."""
        frame, restarts = message.frame, self._restarts
        sequence = frame.route.link.read_sequence(frame.raw)
        if sequence in _SHARED:
            return
        if sequence >= restarts.counter:
            # The usual case: it has counted up.
            restarts.counter, restarts.counter_at, restarts.counter_time = sequence, number, frame.time
        else:
            self._events += restarts.add_counter(sequence, frame.time, number)

    def add_uptime(self, message: TextMessage, number: int) -> list[RestartEvent]:
        """Add the log line with the running time of the OCPP module; return the events that follow."""
        hours, minutes = message.number("hours"), message.number("minutes")
        return [] if hours is None else self._restarts.add_uptime(60 * hours + (minutes or 0), message.time, number)

    def _add_sign(
        self, time: int | None, sign: Sign, sequence: int | None, number: int, announcement: Announcement | None
    ) -> list[StartupEvent]:
        """Add a sign of an announcement; return the events that follow.

        An announcement of a charger that was accepted is also a restart of the power board.
        """
        was_accepted = self._registration.is_accepted
        events = self._registration.add_sign(time, sign, sequence, announcement)
        if events and was_accepted:
            return [*self._restarts.add_announcements(time, number, self._accepted_at), *events]
        return [*events]

    def _note_acceptance(self, events: list[RegistrationEvent], number: int) -> list[StartupEvent]:
        """Return the events. If they accept the charger, keep the number of this record as that of the acceptance."""
        if events and self._registration.is_accepted:
            self._accepted_at = number
        return [*events]


def _read_announcement(message: Message) -> Announcement | None:
    """Return the statements of an announcement about the board; None if the message has none."""
    if message.command is None or message.command.positions.keys().isdisjoint(ANNOUNCED):
        return None
    values = [message.value(name) for name in ANNOUNCED]
    return None if values == [None] * len(ANNOUNCED) else Announcement(*(str(value or "") for value in values))
