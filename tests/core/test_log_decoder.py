"""The lines of a text log, decoded."""

from sniffer.core.log_decoder import DecodedLine, LogDecoder
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Noise
from sniffer.formats.charger_log import parse_line

STAMP = "2024-04-03T16:36:00+0900 [comproc] "
REQUEST, ANSWER = "AA EE EE 04 01 01 BF 44", "AA 96 DC 0F 02 01 01 6B BF"


def decode(text: str, *, mending: bool = False) -> DecodedLine:
    return LogDecoder(Codec(packaged_definition()), mending=mending).decode(parse_line(STAMP + text))


def kinds(decoded: DecodedLine) -> list[type]:
    return [type(item) for item in decoded.items]


def raw_of(item: Message | Noise | TextMessage) -> bytes:
    assert not isinstance(item, TextMessage)
    return item.frame.raw if isinstance(item, Message) else item.raw


def test_a_frame_is_decoded_and_its_print_kept() -> None:
    decoded = decode(f"=>pwrboard:{REQUEST}")
    (message,) = decoded.items
    assert isinstance(message, Message)
    assert message.command
    assert message.command.name == "meter request"
    assert decoded.printed
    assert decoded.printed.process == "comproc"


def test_all_bytes_of_a_line_are_in_a_frame_or_in_noise() -> None:
    decoded = decode(f"=>pwrboard:17 {REQUEST} {ANSWER} AA")
    assert kinds(decoded) == [Noise, Message, Message, Noise]
    assert b"".join(map(raw_of, decoded.items)) == bytes.fromhex(f"17 {REQUEST} {ANSWER} AA")


def test_a_line_does_not_end_the_frame_of_another() -> None:
    decoder = LogDecoder(Codec(packaged_definition()), mending=False)
    halves = [decoder.decode(parse_line(f"{STAMP}=>pwrboard:{half}")) for half in (REQUEST[:11], REQUEST[12:])]
    assert [kinds(half) for half in halves] == [[Noise], [Noise]]


def test_a_text_has_no_print() -> None:
    decoded = decode("pwrCom error Code vol:0,1,9")
    assert kinds(decoded) == [TextMessage]
    assert decoded.printed is None


def test_a_misread_frame_is_mended_only_if_asked_for() -> None:
    misread = "<=pwrboard:BB DD DD 32 06 59 2A 59 €8 59 AD €B BC"
    assert kinds(decode(misread)) == [TextMessage]
    mended = decode(misread, mending=True)
    assert kinds(mended) == [Message]
    assert mended.line.mended is not None


def test_the_misread_process_of_a_known_text_is_mended() -> None:
    codec = Codec(packaged_definition())
    line = parse_line(f"{STAMP.replace('comproc', 'compzoc')}pwrCom error Code vol:0,1,9")
    decoded = LogDecoder(codec, mending=True).decode(line)
    (message,) = decoded.items
    assert isinstance(message, TextMessage)
    assert message.meaning
    assert (decoded.line.process, decoded.line.mended is not None) == ("comproc", True)
    assert LogDecoder(codec, mending=False).decode(line).line.process == "compzoc"
