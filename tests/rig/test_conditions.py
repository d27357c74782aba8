"""Waiting: the result of a state or record that comes, and the error for one that does not or cannot come."""

import asyncio

import pytest

import sniffer
from sniffer.core.charger.events import FaultCleared, StatusChanged
from sniffer.core.protocol.message import Message
from sniffer.core.wire.links import PWR_TO_COM, PWRBOARD
from tests.rig.helpers import (
    AVAILABLE,
    CHARGING,
    FAULTED,
    M4_UNDER_VOLTAGE,
    PREPARING,
    UNDER_VOLTAGE,
    Script,
    answer,
    report,
)

SOON = 20


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Script:
    return Script(monkeypatch)


def fault(sequence: int = 1) -> bytes:
    return report(FAULTED, sequence, ocpp=UNDER_VOLTAGE, m4=M4_UNDER_VOLTAGE)


async def test_a_state_that_holds_is_not_waited_for(line: Script) -> None:
    line.give(report(CHARGING))
    async with sniffer.tap("script") as session:
        await session.until(status="Charging", timeout=SOON)
        known = await session.until(status="Charging", connector=1, timeout=0)
        assert known == session.snapshot


async def test_a_state_that_held_between_two_records_of_one_read_is_seen(line: Script) -> None:
    async with sniffer.tap("script") as session:
        waiting = asyncio.create_task(session.until(status="Preparing", timeout=SOON))
        await asyncio.sleep(0)
        line.give(report(AVAILABLE, 1) + report(PREPARING, 2) + report(CHARGING, 3))
        await waiting
        assert session.snapshot.connectors[0].status == "Charging"


async def test_a_fault_is_waited_for_by_what_it_means(line: Script) -> None:
    async with sniffer.tap("script") as session:
        waiting = asyncio.create_task(session.until(status="Faulted", fault="under voltage", timeout=SOON))
        await asyncio.sleep(0)
        line.give(report(CHARGING, 1), fault(2))
        assert (await waiting).faults[0].diagnosis.meanings == ("Under voltage",)
        line.give(report(CHARGING, 3))
        cleared = await session.seen(event="fault_cleared", fault="Under voltage", timeout=SOON)
        assert any(isinstance(event, FaultCleared) for event in cleared.events)
        with pytest.raises(sniffer.NotSeenError, match=r"^fault Under voltage was not seen in 0 s"):
            await session.until(fault="Under voltage", timeout=0)


async def test_all_of_a_state_has_to_be_on_one_connector(line: Script) -> None:
    line.give(report(CHARGING, 1, connector=1), report(FAULTED, 2, connector=2, ocpp=UNDER_VOLTAGE, m4=4))
    async with sniffer.tap("script") as session:
        await session.until(fault="Under voltage", connector=2, timeout=SOON)
        for wanted in ({"status": "Charging", "connector": 2}, {"status": "Charging", "fault": "Under voltage"}):
            with pytest.raises(sniffer.NotSeenError):
                await session.until(**wanted, timeout=0)
        await session.until(connector=2, timeout=0)
        with pytest.raises(sniffer.NotSeenError):
            await session.until(connector=3, timeout=0)


async def test_a_status_can_be_given_by_its_number(line: Script) -> None:
    line.give(report(CHARGING))
    async with sniffer.tap("script") as session:
        await session.until(status="2", timeout=SOON)


async def test_only_what_comes_after_the_call_is_seen(line: Script) -> None:
    line.give(report(CHARGING, 1))
    async with sniffer.tap("script") as session:
        await session.until(status="Charging", timeout=SOON)
        waiting = asyncio.create_task(session.seen(status="Charging", timeout=SOON))
        await asyncio.sleep(0)
        line.give(answer(1), report(CHARGING, 2))
        assert (await waiting).number == 3


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ({"command": 1, "direction": "com>pwr"}, 2),
        ({"command": "status report", "connector": 1, "status": "Available"}, 1),
        ({"event": "status", "status": "Charging"}, 3),
        ({"filter": "answers and dir com>pwr"}, 2),
        ({"filter": "crc bad or noise", "command": None}, 4),
        ({}, 1),
    ],
)
async def test_a_record_matches_all_conditions(line: Script, words: dict[str, object], number: int) -> None:
    line.give(report(AVAILABLE, 1), answer(1), report(CHARGING, 2), b"\x01\x02\x03")
    async with sniffer.tap("script") as session:
        assert (await session.seen(**words, timeout=SOON)).number == number  # type: ignore[arg-type]


@pytest.mark.parametrize("command", [16, "10"])
async def test_a_number_is_a_value_of_the_wire_and_a_text_its_hexadecimal_digits(
    line: Script, command: int | str
) -> None:
    for code in (0x16, 0x0A, 0x10):
        line.give(PWRBOARD.build(PWR_TO_COM.head, code, code, b""))
    async with sniffer.tap("script") as session:
        record = await session.seen(command=command, timeout=SOON)
    assert isinstance(record.item, Message)
    assert record.item.frame.command == 0x10


async def test_two_wait_for_different_things_at_once(line: Script) -> None:
    async with sniffer.tap("script") as session:
        both = asyncio.gather(
            session.until(status="Charging", timeout=SOON),
            session.seen(direction="com>pwr", timeout=SOON),
            session.seen(direction="com>pwr", timeout=SOON),
        )
        await asyncio.sleep(0)
        line.give(report(CHARGING), answer())
        known, first, second = await both
        assert known.connectors[0].status == "Charging"
        assert first is second


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"status": "Chargng"}, "`Chargng` is no status: did you mean Charging?"),
        ({"fault": "Undr voltage"}, "`Undr voltage` is not a fault of the error table: did you mean Under voltage"),
        ({}, "nothing to wait for: give at least one of status=, connector=, fault=, registration="),
        ({"registration": "acepted"}, "`acepted` is no state of the registration: did you mean accepted?"),
        ({"registration": "accepted", "status": "Chargng"}, "`Chargng` is no status: did you mean Charging?"),
    ],
)
async def test_a_state_that_there_is_not_is_refused_at_once(line: Script, words: dict[str, str], message: str) -> None:
    async with sniffer.tap("script") as session:
        with pytest.raises(sniffer.QueryError) as refused:
            await session.until(**words)  # type: ignore[arg-type]
        assert str(refused.value).startswith(message)


@pytest.mark.parametrize("words", [{}, {"registration": "acepted"}])
async def test_an_error_without_a_text_of_the_caller_points_at_its_beginning(
    line: Script, words: dict[str, str]
) -> None:
    async with sniffer.tap("script") as session:
        with pytest.raises(sniffer.QueryError) as refused:
            await session.until(**words)  # type: ignore[arg-type]
        assert (refused.value.start, refused.value.end) == (0, 0)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"event": "fault_raise"}, "`fault_raise` is not an event: did you mean fault_raised"),
        ({"command": "status reprt"}, "did you mean status report"),
        ({"filter": "statsu == 1"}, "unknown name `statsu`: did you mean status?"),
        ({"filter": "noise) or (noise"}, ""),
        ({"status": 'a" or noise or "'}, 'or noise or "` is no status'),
    ],
)
async def test_a_record_that_cannot_come_is_refused_at_once(line: Script, words: dict[str, str], message: str) -> None:
    async with sniffer.tap("script") as session:
        with pytest.raises(sniffer.QueryError) as refused:
            await session.seen(**words)  # type: ignore[arg-type]
        assert message in str(refused.value)


async def test_the_error_of_a_timeout_names_the_state_of_the_session(line: Script) -> None:
    line.give(fault(1), b"\x01\x02\x03")
    async with sniffer.tap("script") as session:
        await session.seen("noise", timeout=SOON)
        with pytest.raises(TimeoutError) as failed:
            await session.until(status="Charging", timeout=0.01)
    message = str(failed.value)
    assert message.startswith("status Charging was not seen in 0.01 s: connector 1 is Faulted; fault Under voltage (")
    assert message.endswith("last: #2: noise garbage 3 bytes: 01 02 03; 21 bytes read: 1 frame, noise: 3 bytes garbage")
    assert "\n" not in message


async def test_the_error_of_a_timeout_names_all_that_was_waited_for(line: Script) -> None:
    async with sniffer.tap("script") as session:
        with pytest.raises(sniffer.NotSeenError, match=r"^status Charging, crc bad was not seen in 0\.01 s"):
            await session.seen("crc bad", status="Charging", timeout=0.01)


async def test_a_silent_line_is_reported_as_silent(line: Script) -> None:
    async with sniffer.tap("script") as session:
        with pytest.raises(sniffer.NotSeenError) as failed:
            await session.seen(timeout=0.01)
    assert str(failed.value) == "any record was not seen in 0.01 s: no connector has reported; not one byte was read"


async def test_what_was_waited_for_counts_in_the_last_moment(line: Script) -> None:
    async with sniffer.tap("script") as session:
        waiting = asyncio.create_task(session.until(status="Charging", timeout=0.01))
        await asyncio.sleep(0)
        line.give(report(CHARGING))
        for _ in range(3):
            await asyncio.sleep(0)
        # Nothing has a turn until the time is over.
        await asyncio.to_thread(lambda: None)
        assert (await waiting).connectors


async def test_who_stops_waiting_is_forgotten(line: Script) -> None:
    async with sniffer.tap("script") as session:
        waiting = [asyncio.create_task(wait) for wait in (session.until(status="Charging"), session.seen())]
        await asyncio.sleep(0)
        for task in waiting:
            task.cancel()
        assert [type(end) for end in await asyncio.gather(*waiting, return_exceptions=True)] == [
            asyncio.CancelledError
        ] * 2
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await session.until(status="Charging")
        line.give(report(CHARGING))
        assert isinstance((await session.seen(timeout=SOON)).events[0], StatusChanged)
        assert not session._broadcast._waiters
