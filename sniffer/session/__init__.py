"""The session: one source, pumped through the core into sinks on one asyncio loop."""

from sniffer.session.idle_timer import IDLE_SECONDS, live_limits
from sniffer.session.record_delivery import Sink
from sniffer.session.session import Attachments, Observer, Session, SessionNotes

__all__ = ["IDLE_SECONDS", "Attachments", "Observer", "Session", "SessionNotes", "Sink", "live_limits"]
