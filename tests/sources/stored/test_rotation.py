"""Names show which files are the parts of one rotated log, and their order."""

import pytest

from sniffer.sources.stored.rotation import find_missing, part_of

OLDEST_FIRST = [
    ["x.log.10.gz", "x.log.2.gz", "x.log.1", "x.log"],
    ["logs/x.log.2.xz", "logs/x.log.1.bz2", "logs/x.log"],
    ["x.2.log", "x.1.log.gz", "x.log"],
    ["x.log-20231129.gz", "x.log-20231130", "x.log"],
    ["x-2023-11-29.log", "x-2023-11-30.log", "x.log"],
    ["2023-11-29.log", "2023-11-30.log"],
    ["night.pcapng", "night-2.pcapng", "night-10.pcapng"],
    ["x.log.2", "x.log.1", "x.log.0"],
    ["x.log.old", "x.log"],
    ["x.old.log.gz", "x.log"],
    ["logs/x.log.bak.xz", "logs/x.log"],
]


@pytest.mark.parametrize("names", OLDEST_FIRST, ids=lambda names: names[0])
def test_parts_have_one_base_and_an_order(names: list[str]) -> None:
    parts = [part_of(name) for name in names]
    assert len({part.base for part in parts}) == 1
    assert sorted(parts, key=lambda part: part.place) == parts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x.log", "y.log.1"),
        ("a/x.log", "b/x.log.1"),
        ("x.log", "x.pcapng"),
        ("ttyUSB0-20231130-101500.pcapng", "ttyUSB0-20231130-111500.pcapng"),
        ("v1.pcapng", "v2.pcapng"),
        ("night-old.pcapng", "night.pcapng"),
        ("bold.log", "b.log"),
        ("10.0.0.1.log", "10.0.0.1.pcapng"),
    ],
)
def test_other_files_are_no_parts_of_one_log(one: str, other: str) -> None:
    assert part_of(one).base != part_of(other).base


def test_numbers_that_are_missing() -> None:
    assert find_missing([0, 1, 2]) == find_missing([]) == find_missing([3]) == []
    assert find_missing([4, 1]) == [2, 3]
