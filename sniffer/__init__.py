"""evse-sniff: the live serial-bus sniffer and monitor for EV chargers.

Programs, above all test rigs, use `sniffer.tap`; `sniffer.rig` describes it. The names in `__all__` are imported when
they are first used, so that `import sniffer` stays fast.
"""

from importlib import import_module

from sniffer._version import __version__
from sniffer.base.type_checking import TYPE_CHECKING

_MODULES = {
    "sniffer.core.charger.events": (
        "CardReaderFault",
        "CardReaderFaultEnded",
        "Contradicted",
        "Disagreed",
        "Event",
        "FaultChanged",
        "FaultCleared",
        "FaultRaised",
        "Overdue",
        "Retransmitted",
        "StatusChanged",
        "Unanswered",
        "Warned",
    ),
    "sniffer.core.charger.health.link_health": ("Health", "LinkHealth", "LinkHealthChanged"),
    "sniffer.core.charger.measurements.measurement": ("ImplausibleMeasurement",),
    "sniffer.core.charger.ocpp.events": ("ClockOffset", "OcppFailed"),
    "sniffer.core.charger.startup.registration_events": (
        "BootLoop",
        "BootLoopEnded",
        "Booted",
        "RegistrationChanged",
        "Restarted",
    ),
    "sniffer.core.charger.tap_events": (
        "LatenessKnown",
        "LineErrorReported",
        "Miswired",
        "MiswiringEnded",
        "RateFound",
        "SourceBack",
        "SourceLost",
        "SourceShared",
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
    "sniffer.core.protocol.ocpp_message": ("OcppMessage",),
    "sniffer.rig.live_session": ("LiveSession",),
    "sniffer.rig.subscription": ("Reader",),
    "sniffer.rig.tap": ("tap",),
    "sniffer.core.wire.frame": ("Noise",),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}

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
        CardReaderFault,
        CardReaderFaultEnded,
        Contradicted,
        Disagreed,
        Event,
        FaultChanged,
        FaultCleared,
        FaultRaised,
        Overdue,
        Retransmitted,
        StatusChanged,
        Unanswered,
        Warned,
    )
    from sniffer.core.charger.health.link_health import Health, LinkHealth, LinkHealthChanged
    from sniffer.core.charger.measurements.measurement import ImplausibleMeasurement
    from sniffer.core.charger.ocpp.events import ClockOffset, OcppFailed
    from sniffer.core.charger.snapshot import Snapshot
    from sniffer.core.charger.startup.registration_events import (
        Booted,
        BootLoop,
        BootLoopEnded,
        RegistrationChanged,
        Restarted,
    )
    from sniffer.core.charger.tap_events import (
        LatenessKnown,
        LineErrorReported,
        Miswired,
        MiswiringEnded,
        RateFound,
        SourceBack,
        SourceLost,
        SourceShared,
    )
    from sniffer.core.protocol.log_lines import TextMessage
    from sniffer.core.protocol.message import Message
    from sniffer.core.protocol.ocpp_message import OcppMessage
    from sniffer.core.record import Record
    from sniffer.core.wire.frame import Noise
    from sniffer.rig.live_session import LiveSession
    from sniffer.rig.subscription import Reader
    from sniffer.rig.tap import tap

__all__ = [
    "BootLoop",
    "BootLoopEnded",
    "Booted",
    "CardReaderFault",
    "CardReaderFaultEnded",
    "ClockOffset",
    "Contradicted",
    "CutOffError",
    "DefinitionError",
    "Disagreed",
    "EndedError",
    "Event",
    "FaultChanged",
    "FaultCleared",
    "FaultRaised",
    "Health",
    "ImplausibleMeasurement",
    "LatenessKnown",
    "LineErrorReported",
    "LinkHealth",
    "LinkHealthChanged",
    "LiveSession",
    "Message",
    "Miswired",
    "MiswiringEnded",
    "Noise",
    "NotSeenError",
    "OcppFailed",
    "OcppMessage",
    "Overdue",
    "OverrunError",
    "QueryError",
    "RateFound",
    "Reader",
    "Record",
    "RecordingError",
    "RegistrationChanged",
    "Restarted",
    "Retransmitted",
    "Snapshot",
    "SnifferError",
    "SourceBack",
    "SourceError",
    "SourceLost",
    "SourceShared",
    "StatusChanged",
    "TextMessage",
    "Unanswered",
    "Warned",
    "__version__",
    "tap",
]


if not TYPE_CHECKING:
    # A type checker that sees this function would accept any name.
    def __getattr__(name: str) -> object:
        if name not in _MODULE_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = found = getattr(import_module(_MODULE_OF[name]), name)
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
