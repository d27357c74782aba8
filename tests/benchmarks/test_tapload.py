"""A tap without a screen at the rate of 3 Mbaud: no byte is lost, and one that were would be told."""

import pytest

from tests.benchmarks import tapload
from tests.benchmarks.saturated import FAST


def test_no_byte_of_a_fast_line_is_lost() -> None:
    lost, *_ = tapload.load(3.0, FAST)
    assert lost.holds, str(lost)


@pytest.mark.parametrize(
    ("told", "lost"), [(b"abcd", 0), (b"abc", 1), (b"", 4), (b"abcde", 1), (b"abXd", 1), (b"bacd", 2)]
)
def test_what_is_missing_or_another_is_counted(told: bytes, lost: int) -> None:
    assert tapload.differs(b"abcd", told) == lost
