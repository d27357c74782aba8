"""Traffic to measure on, made by the codec's own encoder."""

import random
from collections.abc import Iterator
from itertools import cycle

from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.links import PWR_TO_COM

READ_SIZE = 4096
REPORTS_IN_A_STATE = 16


def reads(data: bytes) -> list[bytes]:
    """Return `data` as it comes from a port, in reads of 4 KB."""
    return [data[start : start + READ_SIZE] for start in range(0, len(data), READ_SIZE)]


def frames_of_20_bytes(count: int) -> list[bytes]:
    """Return frames of one size; a payload of 13 bytes belongs to no command of the definition."""
    source = random.Random(1)
    link, head = PWR_TO_COM.link, PWR_TO_COM.head
    return [link.build(head, number & 0xFFFF, 0x40, source.randbytes(13)) for number in range(count)]


def charging_frames(count: int) -> list[bytes]:
    """Return the traffic of a charging session: status reports and their answers, phase voltages, parameters."""
    codec = Codec(packaged_definition())
    frames = _charging(codec)
    return [next(frames) for _ in range(count)]


def _charging(codec: Codec) -> Iterator[bytes]:
    definition = codec.definition
    report, answer, voltages, parameter = (
        definition.command(name) for name in ("status report", "status answer", "phase voltages", "acceptance")
    )
    source = random.Random(2)
    path = cycle((("Available", 12), ("Preparing", 9), ("Charging", 6), ("Finishing", 9)))
    for sequence in cycle(range(0xD000)):
        if sequence % REPORTS_IN_A_STATE == 0:
            status, cp_voltage = next(path)
        values: dict[str, int | float | str] = {
            "connector": 1,
            "status": status,
            "ocpp_error": "NoError",
            "m4_error": 0,
            "cp_voltage": cp_voltage,
        }
        yield codec.encode(report, sequence, values)
        yield codec.encode(answer, sequence, {"connector": 1})
        yield codec.encode(
            voltages, 0xDDDD, {f"{phase}_voltage": 230 + source.uniform(-5, 5) for phase in ("l1", "l2", "l3")}
        )
        yield codec.encode(parameter, sequence)
