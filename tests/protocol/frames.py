"""Frames and messages for tests, in one call each, by the packaged definition."""

from sniffer.protocol.codec import Codec
from sniffer.protocol.loader import packaged_definition
from sniffer.wire.frame import Frame
from sniffer.wire.link import COM_TO_OCPP, COM_TO_PWR, OCPP_TO_COM, PWR_TO_COM
from tests.known_frames import KNOWN_FRAMES

DEFINITION = packaged_definition()
CODEC = Codec(DEFINITION)

ROUTE_OF_ARROW = {
    "=>pwrboard": COM_TO_PWR,
    "<=pwrboard": PWR_TO_COM,
    "=>Dbus": OCPP_TO_COM,
    "<=Dbus": COM_TO_OCPP,
}
KNOWN = {known.name: known for known in KNOWN_FRAMES}


def frame(route, command, payload=b"", *, sequence=0x0102, time=None):
    return Frame(route, time, route.link.build(route.head, sequence, command, payload))


def decoded(route, command, payload=b""):
    return CODEC.decode(frame(route, command, payload))


def known_message(name):
    known = KNOWN[name]
    return CODEC.decode(Frame(ROUTE_OF_ARROW[known.arrow], None, known.raw))


def values_of(message):
    """What an encoder needs to say the same again."""
    return {field.name: field.value for field in message.fields}
