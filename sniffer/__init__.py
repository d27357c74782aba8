"""evse-sniff: the live serial-bus sniffer and monitor for EV chargers.

In a test rig, `sniffer.tap` is a session as an object (`sniffer.rig`):

    async with sniffer.tap("/dev/ttyUSB0") as session:
        await session.until(status="Charging", timeout=10)
"""

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"
__all__ = ["LiveSession", "NotSeenError", "SnifferError", "tap"]

if TYPE_CHECKING:
    from sniffer.errors import NotSeenError, SnifferError
    from sniffer.rig import LiveSession, tap


def __getattr__(name: str) -> object:
    """What a rig needs is loaded when it is asked for: the command line needs none of it to start."""
    homes = {"NotSeenError": "errors", "SnifferError": "errors", "LiveSession": "rig", "tap": "rig"}
    if name not in homes:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{homes[name]}"), name)
