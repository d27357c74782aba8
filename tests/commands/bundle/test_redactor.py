"""Records before and after."""

from sniffer.commands.bundle.identifier_kinds import IdentifierKind
from sniffer.commands.bundle.pseudonyms import Pseudonyms
from sniffer.commands.bundle.redactor import Redactor
from sniffer.core.charger.tap_events import RateFound, SourceBack, SourceLost, SourceShared
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.record import Record
from sniffer.core.wire.crc import crc16
from sniffer.core.wire.items import Chunk
from sniffer.core.wire.links import PWRBOARD
from sniffer.formats.charger_log import parse_line
from tests.commands.bundle.helpers import AT, FRAME
from tests.commands.convert.helpers import DEFINITION
from tests.core.wire.boards import METER
from tests.known_frames import KNOWN_FRAMES
from tests.records import records_of

CARD_COMMAND = """
link = "pwrboard"

[[command]]
code = 0x70
direction = "pwr>com"
name = "card"
summary = "card {card_uid}"
provenance = "assumed"
fields = [{ name = "card_uid", size = 4, type = "unknown" }, { name = "status", size = 1 }]
"""


def redacted(
    *items: Chunk | str, definition: Definition = DEFINITION, named: str = "", note: str = ""
) -> tuple[list[Record], Redactor]:
    """Return the records of these chunks and log lines without identifiers, and the redactor that knows all of them."""
    from sniffer.core.pipeline import Pipeline

    pipeline, pseudonyms = Pipeline(definition), Pseudonyms()
    parsed = [parse_line(item) if isinstance(item, str) else item for item in items]
    records = [record for item in parsed for record in pipeline.feed(item)] + pipeline.flush()
    redactor = Redactor(definition, pseudonyms)
    if named:
        pseudonyms.add(named, IdentifierKind.NAMED)
    for record in records:
        redactor.collect(record, note)
    pseudonyms.assign()
    return [redactor.redact(record) for record in records], redactor


def message_of(record: Record) -> Message:
    assert isinstance(record.item, Message)
    return record.item


def test_a_frame_keeps_everything_but_the_identifier_and_the_crc() -> None:
    (record,), _ = redacted(Chunk(FRAME, AT))
    raw = message_of(record).frame.raw
    assert raw[:-2] == FRAME[:-2].replace(b"10427240", b"CP000001")
    assert raw[-2:] == crc16(raw[:-2]).to_bytes(2, "big")
    assert message_of(record).summary.startswith("charge point CP000001")


def test_a_frame_without_identifier_is_the_same_object() -> None:
    frame = KNOWN_FRAMES[0].raw
    pipeline_record = records_of(Chunk(frame, AT))[0]
    (record,), redactor = redacted(Chunk(frame, AT))
    assert message_of(record).frame.raw == frame
    assert redactor.redact(pipeline_record).item is pipeline_record.item


def test_an_identifier_is_replaced_in_frames_that_have_no_field_for_it() -> None:
    unknown = PWRBOARD.build(b"\xbb", 7, 0x77, b"ab\x0010427240\x01")
    records, _ = redacted(Chunk(FRAME, AT), Chunk(unknown, AT + 1))
    assert b"CP000001" in message_of(records[1]).frame.raw


def test_a_coded_payload_with_an_identifier_is_blanked() -> None:
    definition = load(packaged_files(), [("meter.toml", METER)])
    build = definition.links.links["meter"].build
    serial, plain = (build(b"\x68", 0, 0xD1, data, direction="meter>master") for data in (b"\2SN12345678", b"\2\3"))
    (with_serial, without, *_), _ = redacted(Chunk(serial, AT), Chunk(plain, AT), definition=definition)
    assert message_of(with_serial).frame.payload == bytes(11)
    assert message_of(without).frame.raw == plain


def test_an_identifier_in_plain_bytes_is_the_same_in_a_log() -> None:
    definition = load(packaged_files(), [("my.toml", CARD_COMMAND)])
    frame = PWRBOARD.build(b"\xbb", 7, 0x70, bytes.fromhex("04A1B2C308"))
    records, redactor = redacted(
        "1 2023-11-30T00:00:49+0000 [a] idTag=04A1B2C3", Chunk(frame, AT), definition=definition
    )
    assert message_of(records[1]).frame.payload == bytes.fromhex("0000000108")
    assert redactor.redact_text("idTag=04A1B2C3") == "idTag=00000001"


def test_events_of_a_tap_lose_the_names_in_them() -> None:
    redactor = redacted(Chunk(FRAME, AT), named="bench-7")[1]
    record = records_of(Chunk(FRAME, AT))[0]
    events = (
        SourceLost(AT, "bench-7: unplugged"),
        SourceBack(AT, "found at bench-7"),
        RateFound(AT, 9600, "bench-7: 1 of 1"),
        SourceShared(AT, "picocom (bench-7)"),
    )
    from msgspec.structs import replace

    changed = redactor.redact(replace(record, item=None, events=events))
    assert "bench-7" not in str(changed.events)
    assert str(changed.events).count("NAME-1") == 4


def test_a_note_counts_as_text() -> None:
    _, redactor = redacted(Chunk(FRAME, AT), note="card id: 77001")
    assert redactor.redact_text("card id: 77001, cp 10427240") == "card id: CARD1, cp CP000001"


def test_zeros_and_fillings_in_a_frame_stay() -> None:
    frame = FRAME.replace(b"10427240", b"FFFFFFFF")
    body = frame[:-2]
    whole = body + crc16(body).to_bytes(2, "big")
    (record,), _ = redacted(Chunk(whole, AT))
    assert message_of(record).frame.raw == whole


def test_an_identifier_that_json_escapes_is_the_same_without_escapes() -> None:
    (_, plain), _ = redacted(
        r'2026-01-15T08:59:48+0000 [ocpp] =>CSMS:[2,"1","Authorize",{"idTag":"M\u00dcLLER7"}]',
        "2026-01-15T08:59:48+0000 [ocpp] MÜLLER7 is here",
    )
    assert isinstance(plain.item, TextMessage)
    assert plain.item.line.text == "CARD001 is here"
