"""A tap without a screen at 3 Mbaud: no byte is lost, and the comparison notices a byte that is."""

import pytest

from tests.benchmarks.measurements import tapload
from tests.benchmarks.measurements.saturated import FAST


@pytest.mark.slow
def test_no_byte_of_a_fast_line_is_lost() -> None:
    lost, *_ = tapload.load(3.0, FAST)
    assert lost.holds, str(lost)


@pytest.mark.parametrize(
    ("printed", "lost"), [(b"abcd", 0), (b"abc", 1), (b"", 4), (b"abcde", 1), (b"abXd", 1), (b"bacd", 2)]
)
def test_bytes_that_are_missing_or_wrong_are_counted(printed: bytes, lost: int) -> None:
    assert tapload.count_differences(b"abcd", printed) == lost
