"""evse-sniff: the live serial-bus sniffer and monitor for EV chargers.

`sniffer.tap` is the door for programs, test rigs above all; `sniffer.rig` describes it. What stands in `__all__` is
loaded when it is first used, so that `import sniffer` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sniffer._version import __version__

_PLACES = {
    "sniffer.core.charger.events": (
        "BootLoop",
        "BootLoopEnded",
        "Booted",
        "Contradicted",
        "Disagreed",
        "Event",
        "FaultChanged",
        "FaultCleared",
        "FaultRaised",
        "LatenessKnown",
        "Miswired",
        "MiswiringEnded",
        "RateFound",
        "Retransmitted",
        "SourceBack",
        "SourceLost",
        "StatusChanged",
        "Unanswered",
    ),
    "sniffer.core.charger.snapshot": ("Snapshot",),
    "sniffer.base.errors": (
        "CutOffError",
        "DefinitionError",
        "EndedError",
        "NotSeenError",
        "OverrunError",
        "QueryError",
        "RecordingError",
        "SnifferError",
        "SourceError",
    ),
    "sniffer.core.record": ("Record",),
    "sniffer.core.protocol.log_lines": ("TextMessage",),
    "sniffer.core.protocol.message": ("Message",),
    "sniffer.rig.live_session": ("LiveSession",),
    "sniffer.rig.subscription": ("Reader",),
    "sniffer.rig.tap": ("tap",),
    "sniffer.core.wire.frame": ("Noise",),
}
_PLACE = {name: place for place, names in _PLACES.items() for name in names}

if TYPE_CHECKING:
    from sniffer.base.errors import (
        CutOffError,
        DefinitionError,
        EndedError,
        NotSeenError,
        OverrunError,
        QueryError,
        RecordingError,
        SnifferError,
        SourceError,
    )
    from sniffer.core.charger.events import (
        Booted,
        BootLoop,
        BootLoopEnded,
        Contradicted,
        Disagreed,
        Event,
        FaultChanged,
        FaultCleared,
        FaultRaised,
        LatenessKnown,
        Miswired,
        MiswiringEnded,
        RateFound,
        Retransmitted,
        SourceBack,
        SourceLost,
        StatusChanged,
        Unanswered,
    )
    from sniffer.core.charger.snapshot import Snapshot
    from sniffer.core.protocol.log_lines import TextMessage
    from sniffer.core.protocol.message import Message
    from sniffer.core.record import Record
    from sniffer.core.wire.frame import Noise
    from sniffer.rig.live_session import LiveSession
    from sniffer.rig.subscription import Reader
    from sniffer.rig.tap import tap

__all__ = [
    "BootLoop",
    "BootLoopEnded",
    "Booted",
    "Contradicted",
    "CutOffError",
    "DefinitionError",
    "Disagreed",
    "EndedError",
    "Event",
    "FaultChanged",
    "FaultCleared",
    "FaultRaised",
    "LatenessKnown",
    "LiveSession",
    "Message",
    "Miswired",
    "MiswiringEnded",
    "Noise",
    "NotSeenError",
    "OverrunError",
    "QueryError",
    "RateFound",
    "Reader",
    "Record",
    "RecordingError",
    "Retransmitted",
    "Snapshot",
    "SnifferError",
    "SourceBack",
    "SourceError",
    "SourceLost",
    "StatusChanged",
    "TextMessage",
    "Unanswered",
    "__version__",
    "tap",
]


if not TYPE_CHECKING:
    # Type checkers would take any name for one of ours.
    def __getattr__(name: str) -> Any:
        if name not in _PLACE:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = found = getattr(import_module(_PLACE[name]), name)
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
