"""The noise on the link: since the last frame, by second, and from when to when."""

from sniffer.base.times import SECOND
from sniffer.core.charger.health.noise_meter import NOISE_SECONDS, NoiseMeter


def metered(*pieces):
    """Return a meter with these pieces of noise, each a time in seconds and a size."""
    meter = NoiseMeter()
    for second, size in pieces:
        meter.add(None if second is None else round(second * SECOND), size)
    return meter


def test_noise_is_counted_by_second():
    meter = metered((1.0, 3), (1.9, 4), (2.0, 5), (7.0, 1))
    assert meter.recent == ((1, 7), (2, 5), (7, 1))
    assert (meter.first, meter.last) == (1 * SECOND, 7 * SECOND)
    assert meter.size == 13


def test_only_the_latest_seconds_are_kept():
    meter = metered(*((second, 1) for second in range(NOISE_SECONDS + 5)))
    assert [second for second, _ in meter.recent] == [*range(5, NOISE_SECONDS + 5)]


def test_a_frame_ends_the_count_and_keeps_the_times():
    meter = metered((1, 3))
    meter.misframed = 2
    meter.note_frame()
    assert (meter.size, meter.misframed, meter.first, meter.recent) == (0, 0, SECOND, ((1, 3),))


def test_noise_without_times_is_counted_all_the_same():
    meter = metered((None, 3), (None, 4))
    assert (meter.size, meter.first, meter.last, meter.recent) == (7, None, None, ())


def test_a_clock_that_is_set_back_ends_the_times_and_keeps_the_count():
    meter = metered((9, 3))
    meter.forget_times()
    assert (meter.size, meter.first, meter.last, meter.recent) == (3, None, None, ())
    meter.add(2 * SECOND, 1)
    assert (meter.first, meter.recent) == (2 * SECOND, ((2, 1),))
