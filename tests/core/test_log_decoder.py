"""The lines of a text log, decoded."""

from sniffer.core.log_decoder import DecodedItem, LogDecoder
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.protocol.log_lines import TextMessage
from sniffer.core.protocol.message import Message
from sniffer.core.wire.frame import Noise
from sniffer.formats.charger_log import parse_line

STAMP = "2024-04-03T16:36:00+0900 [comproc] "
REQUEST, ANSWER = "AA EE EE 04 01 01 BF 44", "AA 96 DC 0F 02 01 01 6B BF"


def decode(*texts: str, mending: bool = False) -> list[DecodedItem]:
    decoder = LogDecoder(Codec(packaged_definition()), mending=mending)
    return decoder.decode_all([parse_line(STAMP + text) for text in texts])


def kinds(decoded: list[DecodedItem]) -> list[type]:
    return [type(item) for item, _, _ in decoded]


def raw_of(decoded: DecodedItem) -> bytes:
    item = decoded[0]
    assert not isinstance(item, TextMessage)
    return item.frame.raw if isinstance(item, Message) else item.raw


def test_a_frame_is_decoded_and_its_print_kept() -> None:
    ((message, _, printed),) = decode(f"=>pwrboard:{REQUEST}")
    assert isinstance(message, Message)
    assert message.command
    assert message.command.name == "meter request"
    assert printed
    assert printed.process == "comproc"


def test_all_bytes_of_a_line_are_in_a_frame_or_in_noise() -> None:
    decoded = decode(f"=>pwrboard:17 {REQUEST} {ANSWER} AA")
    assert kinds(decoded) == [Noise, Message, Message, Noise]
    assert b"".join(map(raw_of, decoded)) == bytes.fromhex(f"17 {REQUEST} {ANSWER} AA")


def test_a_line_does_not_end_the_frame_of_another() -> None:
    assert kinds(decode(f"=>pwrboard:{REQUEST[:11]}", f"=>pwrboard:{REQUEST[12:]}")) == [Noise, Noise]


def test_a_text_has_no_print() -> None:
    decoded = decode("pwrCom error Code vol:0,1,9")
    assert kinds(decoded) == [TextMessage]
    assert decoded[0][2] is None


def test_a_misread_frame_is_mended_only_if_asked_for() -> None:
    misread = "<=pwrboard:BB DD DD 32 06 59 2A 59 €8 59 AD €B BC"
    assert kinds(decode(misread)) == [TextMessage]
    ((message, line, printed),) = decode(misread, mending=True)
    assert isinstance(message, Message)
    assert printed
    assert line.mended is printed.mended is not None


def test_the_misread_process_of_a_known_text_is_mended() -> None:
    codec = Codec(packaged_definition())
    line = parse_line(f"{STAMP.replace('comproc', 'compzoc')}pwrCom error Code vol:0,1,9")
    ((message, mended, _),) = LogDecoder(codec, mending=True).decode_all([line])
    assert isinstance(message, TextMessage)
    assert message.meaning
    assert (mended.process, mended.mended is not None) == ("comproc", True)
    ((_, kept, _),) = LogDecoder(codec, mending=False).decode_all([line])
    assert kept.process == "compzoc"


def test_the_lines_of_a_log_are_decoded_in_their_order() -> None:
    assert kinds(decode("Com boot!", f"=>pwrboard:{REQUEST} {ANSWER}", "=>pwrboard:17", "CP_INFO")) == [
        TextMessage,
        Message,
        Message,
        Noise,
        TextMessage,
    ]
