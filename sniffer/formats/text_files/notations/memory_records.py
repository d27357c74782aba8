"""Records of memory images: Intel HEX and S-records of Motorola, in which programmers and editors save bytes.

In: a line. Out: the data of the record on it, no bytes for a record without data; None if it is none. Both have a
length and a checksum. The addresses are left out.
"""

from collections.abc import Sequence
from itertools import pairwise

from sniffer.base.late_pattern import compile_late

_INTEL = compile_late(r"\s*:((?:[0-9A-Fa-f]{2}){5,})\s*")
_INTEL_OVERHEAD = 5
_LAST_RECORD = ":00000001FF"
_MOTOROLA = compile_late(r"\s*S([0-9])((?:[0-9A-Fa-f]{2}){3,})\s*")
_ADDRESS_SIZES = {"1": 2, "2": 3, "3": 4}
"""The bytes of the address of each kind of S-record with data."""


def is_intel_hex(lines: Sequence[str]) -> bool:
    """Return True if lines are Intel HEX.

    The frames of Modbus ASCII have the same checksum. So the last record must be there, or each address must follow
    from the one before it.
    """
    found = [_parse_intel(line) for line in lines]
    records = [record for record in found if record]
    if len(records) < len(found) or not records:
        return False
    has_end = _LAST_RECORD in (line.strip().upper() for line in lines)
    ends = [(record[1:3], (int.from_bytes(record[1:3], "big") + record[0]) & 0xFFFF) for record in records]
    follows = all(int.from_bytes(after[0], "big") == before[1] for before, after in pairwise(ends))
    return has_end or (len(records) > 1 and follows)


def is_s_records(lines: Sequence[str]) -> bool:
    """Return True if lines are S-records, of which one holds data."""
    found = [read_s_record(line) for line in lines]
    return any(found) and None not in found


def read_intel_record(line: str) -> bytes | None:
    """Return the data of a record of Intel HEX; None if the line is none."""
    record = _parse_intel(line)
    return None if record is None else record[4:-1] if record[3] == 0 else b""


def read_s_record(line: str) -> bytes | None:
    """Return the data of an S-record; None if the line is none."""
    found = _MOTOROLA.fullmatch(line)
    record = bytes.fromhex(found[2]) if found else b""
    if not found or record[0] != len(record) - 1 or sum(record) & 255 != 255:
        return None
    size = _ADDRESS_SIZES.get(found[1])
    return record[1 + size : -1] if size else b""


def _parse_intel(line: str) -> bytes | None:
    """Return the bytes of a record of Intel HEX; None if the line is none."""
    found = _INTEL.fullmatch(line)
    record = bytes.fromhex(found[1]) if found else b""
    return record if record and not sum(record) & 255 and record[0] == len(record) - _INTEL_OVERHEAD else None
