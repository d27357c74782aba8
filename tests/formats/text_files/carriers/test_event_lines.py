"""Events of `usbmon` and of recorded terminals, one a line."""

import pytest

from sniffer.formats.text_files.carriers.event_lines import (
    find_version,
    is_transfer,
    unwrap_recording,
    unwrap_steps,
    unwrap_transfer,
)

READ = "ffff888100000000 2587000000 C Bi:2:005:2 0 4 = bbdddd32"
WRITE = "ffff888100000001 2587000100 S Bo:2:005:1 -115 5 = aaeeee04 01"


def test_transfers_hold_bytes_with_their_time_and_direction() -> None:
    assert is_transfer(READ)
    assert unwrap_transfer(READ) == ["2587.000000 in: bbdddd32"]
    assert unwrap_transfer(WRITE) == ["2587.000100 out: aaeeee04 01"]


def test_bytes_that_usbmon_left_out_are_counted() -> None:
    assert unwrap_transfer(READ.replace(" 4 =", " 6 =")) == ["2587.000000 in: bbdddd32 ... 2 more bytes"]


@pytest.mark.parametrize(
    "line",
    [
        "ffff888100000000 2587000020 S Bi:2:005:2 -115 512 <",
        "ffff888100000001 2587000190 C Bo:2:005:1 0 5 >",
        "ffff89f472f4d000 2587921147 C Ci:2:001:0 0 4 = 07050000",
        "ffff89f472f4d000 2587921064 S Ci:2:001:0 s a3 00 0000 0001 0004 4 <",
        "ffff89f44262cf00 2587921270 C Ii:2:001:1 0:2048 1 = 00",
    ],
)
def test_other_transfers_hold_none(line: str) -> None:
    assert not is_transfer(line)
    assert unwrap_transfer(line) is None


def test_a_line_that_is_no_transfer_stays() -> None:
    assert unwrap_transfer("hello") == ["hello"]


def test_a_recording_holds_what_was_printed_with_its_time() -> None:
    assert find_version('{"version": 2, "width": 80, "height": 24}') == 2
    assert unwrap_recording('[1.25, "o", "\\u001b[32mbb dd\\u001b[0m\\r\\nhello\\r\\n"]') == [
        "1.250000 bb dd",
        "1.250000 hello",
    ]


@pytest.mark.parametrize("line", ['[1.5, "i", "x"]', '[1.5, "o", ""]', "[1, 2]", "{}", "x", '["o", "o", "o"]'])
def test_other_events_of_a_recording_hold_nothing(line: str) -> None:
    assert unwrap_recording(line) is None
    assert find_version(line) == 0


def test_the_times_of_a_newer_recording_count_from_the_event_before() -> None:
    assert find_version('{"version": 3, "term": {"cols": 80, "rows": 24}}') == 3
    assert unwrap_steps('[0.25, "o", "bb dd\\r\\nhello\\r\\n"]') == ["0.250000 bb dd", "hello"]
    assert unwrap_steps('[0.5, "i", "x"]') == ["0.500000"]
    assert unwrap_steps("# a comment") is None
