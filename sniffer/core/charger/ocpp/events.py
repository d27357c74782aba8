"""The events that follow from OCPP messages in a text log, and from their times."""

from msgspec import Struct

from sniffer.core.charger.evidence import Evidence, FrozenValue


class OcppFailed(FrozenValue, Struct, frozen=True):
    """An OCPP call that was answered with an error. `action` and `request`, its place, are None if it is not known."""

    time: int | None
    action: str | None
    id: str
    code: str
    description: str
    request: Evidence | None


class ClockOffset(FrozenValue, Struct, frozen=True):
    """A log whose time stamps have the wrong zone: the message at `seen` shows the difference, in seconds.

    `label` is the zone of the time stamps, in seconds east of UTC. The clock runs at `label` + `difference`.
    """

    time: int | None
    difference: int
    label: int
    seen: Evidence
