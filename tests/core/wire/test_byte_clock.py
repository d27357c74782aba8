"""A byte has the time of its read, less the duration of the bytes after it."""

from sniffer.core.wire.byte_clock import ByteClock


def clock_of(*reads: tuple[int, int | None], byte_time: int = 10) -> ByteClock:
    clock = ByteClock()
    clock.byte_time = byte_time
    for count, time in reads:
        clock.add_read(count, time)
    return clock


def test_a_byte_has_the_time_of_its_read_less_what_followed_it() -> None:
    clock = clock_of((3, 100))
    assert [clock.find_time(position) for position in range(4)] == [80, 90, 100, None]


def test_no_byte_is_earlier_than_the_read_before() -> None:
    clock = clock_of((1, 100), (5, 120))
    assert [clock.time_at(position) for position in range(6)] == [100, 100, 100, 100, 110, 120]


def test_positions_count_from_the_first_held_byte() -> None:
    clock = clock_of((2, 100), (2, 200))
    clock.release(3)
    assert clock.time_at(0) == 200
    assert clock.last_read_dating(1) == (0, 200, 10, 100)


def test_a_read_without_a_time_has_none() -> None:
    clock = clock_of((2, None))
    assert (clock.time_at(0), clock.find_time(1), clock.last_time) == (None, None, 0)
    assert clock.last_read_dating(2) == (2, 0, 0, 0)
