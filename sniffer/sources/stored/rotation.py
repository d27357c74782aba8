"""The parts of a rotated log, found by their names.

In: the path of a file. Out: the path without what the rotation added, and the place of the part. `x.log` is the newest
part; `x.log.1` is older than it, and `x.log.2.gz` older still. Dates in names (`x.log-20231130`, `x-2023-11-30.log`),
numbers before the extension (`x.1.log`) and `x.log.old` are known too. The recordings of this program are continued in
`x-2.pcapng`. A name with a time of day is that of a session by itself.
"""

import re
from typing import NamedTuple

from sniffer.base.compression import COMPRESSIONS
from sniffer.base.late_pattern import compile_late

_DATE = r"\d{4}-?\d\d-?\d\d"
_OLD = r"\.(?P<old>old|bak|prev)"
_AFTER = compile_late(rf"(?P<base>.+?)(?:\.(?P<number>\d{{1,4}})|[-._](?P<date>{_DATE})|{_OLD})")
_BEFORE = compile_late(
    rf"(?P<base>.*?)(?:\.(?P<number>\d{{1,4}})|[-._]?(?P<date>{_DATE})|(?<=.){_OLD})(?P<extension>\.[A-Za-z]\w*)"
)
_CONTINUED = compile_late(r"(?P<base>.+)-(?P<number>\d{1,4})(?P<extension>\.pcapng)")
_OLDER, _NEWEST = (1, 1, ""), (2, 0, "")


class Part(NamedTuple):
    """The place of a file in a rotation. `base` is the path of the newest part; parts sort by `place`, oldest first.

    `number` is what counts the part; 0 if it has no number.
    """

    base: str
    place: tuple[int, int, str]
    number: int = 0


def part_of(path: str) -> Part:
    """Return the place of a file in the rotation that its name shows. A file that is in none is a part by itself."""
    folder, slash, name = path.rpartition("/")
    for compression in COMPRESSIONS:
        name = name.removesuffix(compression.ending)
    if found := _CONTINUED.fullmatch(name):
        return Part(f"{folder}{slash}{found['base']}{found['extension']}", (3, int(found["number"]), ""))
    if found := _AFTER.fullmatch(name) or _BEFORE.fullmatch(name):
        base = f"{folder}{slash}{found['base']}{found.groupdict().get('extension', '')}"
        if found["date"]:
            return Part(base, (1, 0, re.sub(r"\D", "", found["date"])))
        if found["old"]:
            return Part(base, _OLDER)
        number = int(found["number"])
        return Part(base, (0, -number, "") if number else _NEWEST, number)
    return Part(f"{folder}{slash}{name}", _NEWEST)


def find_missing(numbers: list[int]) -> list[int]:
    """Return the numbers that are missing between the first and the last of a rotation, the newest part being 0."""
    return [number for number in range(min(numbers, default=0), max(numbers, default=0)) if number not in numbers]
