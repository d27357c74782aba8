"""Tests of the view of each kind of record."""

from sniffer.core.charger.tap_events import SourceLost
from sniffer.core.protocol.enumeration import MEANING_UNKNOWN
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.record import Record
from sniffer.core.wire.frame import Reason
from sniffer.core.wire.items import Chunk
from sniffer.formats.charger_log import parse_line
from sniffer.tui.detail.record_view import FRAME, OCPP, PAYLOAD, PROVENANCES, REASONS, build_record_view
from tests.dialogue import CHANGE, CHANGED, CUT, dialogue_records
from tests.records import records_of
from tests.tui.helpers import captured, only, status_answer, status_report, unknown_command

DEFINITION = packaged_definition()


def test_every_reason_for_noise_is_explained() -> None:
    assert set(REASONS) == {reason.value for reason in Reason}


def test_the_text_of_a_relay_that_sticks_has_its_advice() -> None:
    line = parse_line("7 2023-11-30T00:00:49+0000 [comproc]  inside error test : board warnning RelayAdhesion error ")
    (record,) = records_of(line)
    notes = build_record_view(record, DEFINITION).notes
    assert "RelayAdhesion" in notes[0].text
    assert "take the output as live until tested" in notes[1].text
    assert not record.events


def test_fields_cover_a_frame_from_first_to_last_byte_in_order() -> None:
    for record in records_of(*captured(), Chunk(unknown_command(), 1)):
        found = build_record_view(record, DEFINITION)
        at = 0
        for part in sorted(found.parts, key=lambda part: part.start) if found.raw else ():
            assert part.start == at
            at = part.end
        assert at == len(found.raw)


def test_provenance_is_a_word_of_the_protocol_or_none() -> None:
    words = {
        part.provenance for record in records_of(*captured()) for part in build_record_view(record, DEFINITION).parts
    }
    assert words <= {*PROVENANCES, MEANING_UNKNOWN}
    assert MEANING_UNKNOWN in words


def test_command_tells_what_the_whole_frame_is_about() -> None:
    found = build_record_view(only(records_of(Chunk(status_report("Charging"), 1))), DEFINITION)
    (command,) = (part for part in found.parts if part.name == "command")
    assert command.about.startswith("status report, documented. The power board's view")


def test_log_line_number_is_shown() -> None:
    numbers = [build_record_view(record, DEFINITION).facts for record in records_of(*captured())]
    assert "log line 704" in numbers[0]


def test_events_are_shown_with_their_marks() -> None:
    found = build_record_view(Record(9, None, (SourceLost(None, "gone\x1b"),)), DEFINITION)
    assert [note.text for note in found.notes] == [r"✕ source lost: gone\x1b"]


def test_fields_of_a_frame_stand_in_two_groups() -> None:
    found = build_record_view(only(records_of(Chunk(status_report("Charging"), 1))), DEFINITION)
    assert [part.name for part in found.parts if part.group == FRAME] == [
        "head",
        "sequence",
        "command",
        "length",
        "crc",
    ]
    assert {part.group for part in found.parts[5:]} == {PAYLOAD}
    assert {
        part.group for record in records_of(*captured()) for part in build_record_view(record, DEFINITION).parts
    } == {
        FRAME,
        PAYLOAD,
        "",
    }


def test_exchange_is_shown_from_both_sides() -> None:
    request, answer = records_of(Chunk(status_report("Charging"), 1_000_001), Chunk(status_answer(1), 5_200_001))
    assert build_record_view(request, DEFINITION).exchange == ""
    assert build_record_view(request, DEFINITION, answer).exchange == "answered by #2 after 4.2 ms"
    assert build_record_view(answer, DEFINITION).exchange == "answers #1 after 4.2 ms"
    assert build_record_view(answer, DEFINITION, request).exchange == "answers #1 after 4.2 ms"


def test_exchange_of_a_log_has_lines() -> None:
    records = {record.number: record for record in records_of(*captured())}
    assert build_record_view(records[20], DEFINITION).exchange == "answers #13"
    assert build_record_view(records[13], DEFINITION, records[20]).exchange == "answered by #20"


def test_an_ocpp_message_shows_its_parameters_and_its_call() -> None:
    records = dialogue_records()
    found = build_record_view(records[CHANGED - 1], DEFINITION, records[CHANGE - 1])
    assert (found.name, found.facts) == ("ChangeAvailability result", "ocpp>csms  id msg002")
    assert found.exchange == f"answers #{CHANGE}"
    assert [(part.name, part.text, part.provenance) for part in found.parts] == [("status", "Accepted", OCPP)]
    asked = build_record_view(records[CHANGE - 1], DEFINITION, records[CHANGED - 1])
    assert asked.exchange == f"answered by #{CHANGED}"
    assert [part.name for part in asked.parts] == ["connectorId", "type"]


def test_an_ocpp_message_that_is_cut_off_says_so() -> None:
    found = build_record_view(dialogue_records()[CUT - 1], DEFINITION)
    assert [note.text for note in found.notes] == ["the log cuts the message off"]
