"""Classic captures, written by a small writer of its own."""

from struct import pack

from sniffer.formats.pcapng.rtac_serial import RtacEvent, pack_header
from tests.formats.pcapng.test_reader import Order


def header(order: Order = "<", link_type: int = 250, *, nanoseconds: bool = False) -> bytes:
    magic = 0xA1B23C4D if nanoseconds else 0xA1B2C3D4
    return pack(f"{order}IHHiIII", magic, 2, 4, 0, 0, 65535, link_type)


def record(data: bytes, seconds: int = 1, fraction: int = 0, order: Order = "<", size: int | None = None) -> bytes:
    return pack(f"{order}IIII", seconds, fraction, len(data), len(data) if size is None else size) + data


def rtac(event: RtacEvent, raw: bytes = b"", seconds: int = 1) -> bytes:
    return pack_header(event, seconds * 10**9) + raw
