"""evse-sniff: the live serial-bus sniffer and monitor for EV chargers.

`sniffer.tap` is the door for programs, test rigs above all; `sniffer.rig` describes it. What stands in `__all__` is
loaded when it is first used, so that `import sniffer` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_PLACES = {
    "sniffer.charger.events": (
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
    "sniffer.charger.snapshot": ("Snapshot",),
    "sniffer.errors": (
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
    "sniffer.pipeline": ("Record",),
    "sniffer.protocol.logline": ("TextMessage",),
    "sniffer.protocol.message": ("Message",),
    "sniffer.rig.live": ("LiveSession",),
    "sniffer.rig.reader": ("Reader",),
    "sniffer.rig.tap": ("tap",),
    "sniffer.wire.frame": ("Noise",),
}
_PLACE = {name: place for place, names in _PLACES.items() for name in names}

if TYPE_CHECKING:
    from sniffer.charger.events import (
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
    from sniffer.charger.snapshot import Snapshot
    from sniffer.errors import (
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
    from sniffer.pipeline import Record
    from sniffer.protocol.logline import TextMessage
    from sniffer.protocol.message import Message
    from sniffer.rig.live import LiveSession
    from sniffer.rig.reader import Reader
    from sniffer.rig.tap import tap
    from sniffer.wire.frame import Noise

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
