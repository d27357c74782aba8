"""The verdict on the link, state by state: given this activity at this time, this verdict."""

import pytest
from msgspec.structs import replace

from sniffer.base.times import SECOND
from sniffer.core.charger.health.link_health import (
    MISFRAMED_BYTES,
    MISSED_AFTER,
    SILENT_AFTER,
    Health,
    LinkActivity,
    LostTap,
    SideActivity,
    assess_link,
    count_recent_noise,
    is_missed,
)
from sniffer.core.wire.checks import no_check
from sniffer.core.wire.link import Link, Route
from sniffer.core.wire.link_parts import FrameDirections, FrameEnd, FrameNumbers, FramePayload, FrameSizes, Shape
from sniffer.core.wire.links import COM_TO_OCPP, COM_TO_PWR, DBUS_EITHER_WAY, OCPP_TO_COM, PWR_TO_COM

AT = 1_700_000_000 * SECOND
COM = SideActivity(COM_TO_PWR, AT, AT)
PWR = SideActivity(PWR_TO_COM, AT, AT)
BOTH = LinkActivity((COM, PWR), AT)
NOISE = LinkActivity((), AT, AT, AT, noise_bytes=40)


def after(side: SideActivity, seconds: float, wait: int | None = None) -> SideActivity:
    """Return a side that was heard last so long after the others."""
    return replace(side, last=AT + round(seconds * SECOND), wait=wait)


@pytest.mark.parametrize(
    ("activity", "seconds", "health", "reason"),
    [
        (LinkActivity(), 60, Health.NOTHING_HEARD, "not one byte was received"),
        (LinkActivity(lines=4), 60, Health.NOTHING_HEARD, "the log has lines, but no frame"),
        (BOTH, 9.9, Health.ALIVE, "both sides are heard"),
        (BOTH, 10, Health.SILENT, "nothing arrives any more"),
        (LinkActivity((COM,), AT), 0, Health.ONE_SIDE, "only com>pwr is heard"),
        (LinkActivity((PWR,), AT), 9.9, Health.ONE_SIDE, "only pwr>com is heard"),
        (LinkActivity((PWR,), AT), 10, Health.SILENT, "nothing arrives any more"),
        (LinkActivity((after(COM, 29), PWR)), 29.9, Health.ALIVE, "both sides are heard"),
        (LinkActivity((after(COM, 29), PWR)), 30, Health.ONE_SIDE, "only com>pwr is heard"),
        (LinkActivity((after(COM, 5), after(PWR, 0, 5 * SECOND))), 5, Health.ONE_SIDE, "only com>pwr is heard"),
        (LinkActivity((COM, after(PWR, 0, 25 * SECOND)), AT), 24.9, Health.ALIVE, "both sides are heard"),
        (LinkActivity((COM, after(PWR, 0, 25 * SECOND)), AT), 25, Health.SILENT, "nothing arrives any more"),
        (replace(BOTH, is_text_log=True), 3600, Health.ALIVE, "both sides are heard"),
        (LinkActivity((COM,), AT, is_text_log=True), 3600, Health.ONE_SIDE, "only com>pwr is heard"),
        (NOISE, 9.9, Health.NOISE_ONLY, "no valid frame was received"),
        (NOISE, 10, Health.SILENT, "nothing arrives, and before there was only noise"),
        (
            replace(BOTH, last=AT + 12 * SECOND, last_noise=AT + 12 * SECOND, noise_bytes=9),
            15,
            Health.NOISE_ONLY,
            "no valid frame arrives any more",
        ),
        (replace(NOISE, misframed=10), 1, Health.WRONG_RATE, "10 of 40 bytes have a framing error"),
        (replace(NOISE, misframed=9), 1, Health.NOISE_ONLY, "no valid frame was received"),
        (replace(NOISE, unfit="tried all"), 1, Health.WRONG_RATE, "no baud rate fits: tried all"),
        (replace(BOTH, unfit="tried all"), 1, Health.ALIVE, "both sides are heard"),
        (replace(BOTH, lost=(LostTap(0, AT, "unplugged"),)), 1, Health.LOST, "unplugged"),
        (LinkActivity((SideActivity(OCPP_TO_COM, AT, AT),), AT), 1, Health.ONE_SIDE, "only ocpp>com is heard"),
        (
            LinkActivity((SideActivity(OCPP_TO_COM, AT, AT), SideActivity(COM_TO_OCPP, AT, AT)), AT),
            1,
            Health.ALIVE,
            "both sides are heard",
        ),
        (LinkActivity((SideActivity(DBUS_EITHER_WAY, AT, AT),), AT), 1, Health.ALIVE, "do not show their side"),
    ],
)
def test_activity_has_a_verdict(activity: LinkActivity, seconds: float, health: Health, reason: str) -> None:
    found = assess_link(activity, AT + round(seconds * SECOND))
    assert found.health is health
    assert reason in found.reason


def test_few_bytes_with_framing_errors_say_nothing_about_the_rate() -> None:
    few = MISFRAMED_BYTES - 1
    assert assess_link(replace(NOISE, noise_bytes=few, misframed=few), AT).health is Health.NOISE_ONLY
    assert assess_link(replace(NOISE, noise_bytes=few + 1, misframed=few), AT).health is Health.WRONG_RATE


def test_a_verdict_has_the_time_since_when_it_holds() -> None:
    minute = AT + 60 * SECOND
    assert assess_link(BOTH, minute).since == AT
    assert assess_link(LinkActivity((after(COM, 59), PWR), minute), minute).since == AT
    assert assess_link(LinkActivity((after(COM, 59),), minute), minute).since == AT
    assert assess_link(replace(BOTH, lost=(LostTap(1, AT + 5, "gone"),)), minute).since == AT + 5


def test_a_source_that_is_back_is_silent_until_a_frame_of_that_moment_or_later() -> None:
    back = assess_link(replace(BOTH, returned=AT + 1), AT + 1)
    assert (back.health, back.reason, back.since) == (
        Health.SILENT,
        "nothing has arrived since the source came back",
        AT + 1,
    )
    assert assess_link(replace(BOTH, returned=AT), AT).health is Health.ALIVE
    quiet = assess_link(replace(BOTH, returned=AT), AT + 10 * SECOND)
    assert (quiet.reason, quiet.since) == ("nothing arrives any more", AT)


def test_a_side_is_not_missed_while_all_are_silent() -> None:
    """Both boards were silent for a minute, and one of them speaks again."""
    again = LinkActivity((after(COM, 60), PWR), AT + 60 * SECOND, resumed=AT + 60 * SECOND)
    assert assess_link(again, AT + 61 * SECOND).health is Health.ALIVE
    late = LinkActivity((after(COM, 90), PWR), AT + 90 * SECOND, resumed=AT + 60 * SECOND)
    assert assess_link(late, AT + 60 * SECOND + MISSED_AFTER).health is Health.ONE_SIDE


def test_without_times_only_what_was_never_received_is_missing() -> None:
    com, pwr = SideActivity(COM_TO_PWR, None, None), SideActivity(PWR_TO_COM, None, None)
    assert assess_link(LinkActivity((com, pwr)), None).health is Health.ALIVE
    assert assess_link(LinkActivity((pwr,)), None).health is Health.ONE_SIDE
    assert assess_link(LinkActivity(noise_bytes=1), None).health is Health.NOISE_ONLY


def test_noise_counts_for_a_minute() -> None:
    second = AT // SECOND
    activity = LinkActivity(recent_noise=((second, 5), (second + 30, 7)))
    assert [count_recent_noise(activity, AT + at * SECOND) for at in (0, 30, 59, 60, 89, 90)] == [5, 12, 12, 7, 7, 0]
    assert count_recent_noise(activity, None) == 0


def test_a_side_must_be_two_seconds_behind_to_be_missed() -> None:
    wait = 5 * SECOND
    close = LinkActivity((after(COM, 1.9, 60 * SECOND), after(PWR, 0, wait)))
    assert assess_link(close, AT + wait).health is Health.ALIVE
    behind = LinkActivity((after(COM, 2, 60 * SECOND), after(PWR, 0, wait)))
    assert is_missed(behind.sides[1], behind, AT + wait)
    assert not is_missed(close.sides[1], close, AT + wait)
    assert not is_missed(behind.sides[1], behind, AT + wait - 1)
    assert not is_missed(behind.sides[1], replace(behind, is_text_log=True), AT + wait)


def test_the_line_is_silent_before_a_side_is_missed() -> None:
    assert SILENT_AFTER < MISSED_AFTER


def test_a_link_of_one_direction_is_alive_when_that_is_received() -> None:
    sizes, way = FrameSizes((Shape(None, 4),), 4, 4), FrameDirections(is_one_way=True)
    link = Link("a", FrameNumbers(), sizes, FramePayload(1), FrameEnd(no_check()), way)
    side = SideActivity(Route(link, b"\xbb", "pwr>com"), AT, AT)
    found = assess_link(LinkActivity((side,), AT), AT + SECOND)
    assert (found.health, found.reason) == (Health.ALIVE, "pwr>com is heard, the only direction")
    assert assess_link(LinkActivity((side,), AT), AT + 10 * SECOND).health is Health.SILENT


@pytest.mark.parametrize(
    ("sides", "health", "reason"),
    [
        ([(b"\x01", "a>b"), (b"\x02", "a>b")], Health.ONE_SIDE, "only a>b is heard"),
        ([(b"\x01", "a>b"), (b"\x03", "b>a")], Health.ALIVE, "both sides are heard"),
        ([(b"\x01", None), (b"\x02", None)], Health.ALIVE, "display frames are heard, which do not show their side"),
    ],
)
def test_a_side_may_have_several_heads_or_be_unknown(
    sides: list[tuple[bytes, str | None]], health: Health, reason: str
) -> None:
    link = Link("display", FrameNumbers(), FrameSizes((Shape(None, 4),), 4, 4), FramePayload(1), FrameEnd(no_check()))
    heard = tuple(SideActivity(Route(link, head, way), AT, AT) for head, way in sides)
    found = assess_link(LinkActivity(heard, AT), AT + SECOND)
    assert (found.health, found.reason) == (health, reason)
