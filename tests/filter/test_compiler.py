"""The language as a whole, on the sample log: a filter, and the lines that match it."""

import pytest
from hypothesis import given, settings

from sniffer.core.record import Record
from sniffer.core.wire.items import Chunk
from sniffer.filter.compiler import compile_filter
from tests.filter.helpers import FILTERS, SAMPLE, SESSIONS, VOCABULARY, error_of, lines, matching, numbers, records


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("command == 01 and status == Faulted", [717]),
        ("status Faulted", [717, 719, 721]),
        ("STATUS == faulted", [717, 719, 721]),
        ("status == 8", [717, 719, 721]),
        ("status == 0x08", [717, 719, 721]),
        ("status >= 7", [717, 719, 721]),
        ("status < 8", []),
        ("status ~ fault", [717, 719, 721]),
        ("status != Faulted", []),
        ("ocpp_error ~ voltage", [717, 720, 721]),
        ("vendor_error == 0x200208", [720, 721]),
        ("vendor_error == 2097672", [720, 721]),
        ("vendor_error ~ 0208", [720, 721]),
        ("l1_voltage < 230", [728]),
        ("l1_voltage == 228.26", [728]),
        ("l1_voltage >= 228.27", []),
        ("cp_voltage 9 and text", [719]),
        ("charge_point_id 10427240", [709, 713, 731]),
        ('charge_point_id ~ "0427"', [709, 713, 731]),
        ("board_temperature 28 and connector_temperature < 22", [717]),
        ('unknown_8 == "00 00 00" and unknown_8 ~ 00', [721]),
        ('unknown_3 == "00 00 00"', [717]),
        ("unknown_3 ~ 0000 and dir pwr>com", [717]),
        ("board_temperature == 28", [717]),
        ("connector_temperature < 22 and connector_temperature > -5", [717]),
        ('acceptance == "not accepted"', [709, 722, 725, 731]),
        ("dir pwr>com", [717, 728]),
        ("direction == pwr>com and seq DDDD", [728]),
        ("link pwrboard and seq >= DD00", [728]),
        ("command 0001", [721, 726]),
        ("command 0x1 and dir ~ pwr", [717, 724]),
        ('command "STATUS REPORT"', [717]),
        ("name StatusNotification", [721]),
        ('name ~ "error code"', [718, 719, 720]),
        ("length 6", [710, 728]),
        ("size == 18 and length 11", [717]),
        ('payload == "59 2A 59 68 59 AD"', [728]),
        ("payload ~ 6859", [728]),
        ('raw ~ "dd dd 32"', [728]),
        ("answers", [710, 724, 726]),
        ("answers == 13", [724]),
        ("relays", [721]),
        ("event", [706, 708, 717]),
        ("event == boot and event == registration", [706]),
        ("event == boot", [706]),
        ("event fault_raised and event status", [717]),
        ("event ~ fault", [717]),
        ("event != boot", [708, 717]),
        ('fault == "under voltage"', [717]),
        ("fault", [717]),
        ("text ~ PENDING", [707, 730]),
        ("text and process ocpp", [704, 712, 713, 714, 715]),
        ("line >= 728 and line < 730", [728, 729]),
        ("number 1", [704]),
        ("time == 00:00:50", [728]),
        ("time >= 2023-11-30T00:00:52+0000 and not frame", [729, 730]),
        ('time > "2023-11-30 00:00:50"', [729, 730, 731, 732]),
        ("time < 2023-11-30T01:00:48+01:00 and event", [706, 708]),
        ("delta >= 2", [706, 717, 729]),
        ('"Under Voltage"', [717]),
        ("'connector 1'", [717, 721, 724]),
        ("'boot pending'", [707, 730]),
        ("event == registration", [706]),
        ("pwr>com", [717, 728]),
        ("noise or crc bad or problem or undefined", []),
        ("not crc good and not text", []),
    ],
)
def test_matches_these_lines_of_the_sample_log(text: str, found: list[int]) -> None:
    assert lines(text) == found


def test_and_binds_tighter_than_or_and_not_tighter_than_and() -> None:
    assert lines("frame or text and not process ocpp") == lines("frame or (text and (not (process ocpp)))")
    assert lines("(frame or text) and not frame") != lines("frame or text and not frame") == lines("frame or text")


def test_a_comparison_without_a_value_is_false_and_its_negation_true() -> None:
    noise, lost = records(Chunk(b"\x01\x02"))
    session = [noise, lost]
    assert numbers("status == Faulted", session) == numbers("status != Faulted", session) == []
    assert numbers("not status == Faulted", session) == [1, 2]
    assert numbers("not (status == Faulted)", session) == [1, 2]


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("statsu == 1", "unknown name `statsu`: did you mean status?", "statsu"),
        ("crc bad and statsu", "unknown name `statsu`: did you mean status?", "statsu"),
        ("mystery == 1", "unknown name `mystery`; a text to look for is put in quotes", "mystery"),
    ],
)
def test_an_unknown_name_is_refused_with_a_suggestion(text: str, message: str, place: str) -> None:
    error, marked = error_of(text)
    assert message in error
    assert marked == place


@pytest.mark.parametrize("text", ["Faulted", "10427240", "hello", "andromeda", "StatusNotification", "under", "ocpp"])
def test_a_word_that_is_not_a_name_is_a_text_to_search_for(text: str) -> None:
    assert compile_filter(text, VOCABULARY)


@pytest.mark.parametrize("name", ["fault_raised", "boot", "Registration", "link_health"])
def test_the_name_of_an_event_stands_for_the_event(name: str) -> None:
    wanted = [record.number for record in matching(f"event == {name}", SAMPLE)]
    assert wanted
    text = [record.number for record in matching(f'"{name}"', SAMPLE)]
    assert [record.number for record in matching(name, SAMPLE)] == sorted({*wanted, *text})


@pytest.mark.parametrize(
    ("text", "meant"), [("conector", "connector"), ("statuss", "status"), ("l1_volt", "l1_voltage")]
)
def test_a_word_that_looks_like_a_misspelled_name_is_refused(text: str, meant: str) -> None:
    assert meant in error_of(text)[0]
    assert compile_filter(f'"{text}"', VOCABULARY)


@settings(max_examples=100, deadline=None)
@given(FILTERS, FILTERS, SESSIONS)
def test_and_or_and_not_follow_logic(one: str, other: str, session: list[Record]) -> None:
    wanted, also = ({record.number for record in matching(text, session)} for text in (one, other))
    everything = {record.number for record in session}

    def found(text: str) -> set[int]:
        return {record.number for record in matching(text, session)}

    assert found(f"({one}) and ({other})") == wanted & also
    assert found(f"({one}) or ({other})") == wanted | also
    assert found(f"not ({one})") == everything - wanted
