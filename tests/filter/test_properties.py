"""For any text and any record: only `QueryError` is raised, and answers for a kind hold for its records."""

from datetime import UTC

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from sniffer.base.errors import DefinitionError
from sniffer.base.sanitize import printable
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.definition import Command
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.protocol.message import Message, framing_fields
from sniffer.core.record import Record
from sniffer.core.record_kind import classify_record
from sniffer.core.wire.link import Route
from sniffer.core.wire.links import DBUS_EITHER_WAY, ROUTES
from sniffer.filter import parser
from sniffer.filter.builder import build_part_filter
from sniffer.filter.compiler import compile_filter
from sniffer.filter.completion import complete
from sniffer.filter.vocabulary import Vocabulary
from tests.core.protocol.helpers import CODEC, frame, user_files
from tests.core.protocol.test_codec_properties import PAYLOADS, of_every_command
from tests.filter.helpers import FILTERS, SAMPLE, SESSIONS, TIMES, VOCABULARY, find_error

usual = settings(max_examples=100, deadline=None)

WORDS = "status and or not ( ) == ~ < = ' \" \\ pwr>com 01 0x Faulted time 00:00:49 2023-11-30T raw DD · é field. -"
PIECES = st.sampled_from([*WORDS.split(), " ", "\n", "\x1b", "9" * 5000])
TEXTS = st.text(max_size=30) | st.lists(PIECES, max_size=12).map(" ".join) | st.lists(PIECES, max_size=12).map("".join)


@usual
@given(TEXTS | FILTERS)
def test_a_text_is_a_filter_or_an_error_that_points_into_it(text: str) -> None:
    error = find_error(text)
    if error is None:
        assert compile_filter(text, VOCABULARY).text == text
        assert {compile_filter(text, VOCABULARY).matches(record, None) for record in SAMPLE} <= {True, False}
    else:
        assert error.message == str(error) == printable(error.message)
        assert 0 <= error.start <= error.end <= len(text)
        assert len(error.message) < 400


@usual
@given(TEXTS | FILTERS, st.integers(0, 40))
@example("pwr>comAND'", 11)
def test_a_completion_can_stand_where_it_is_offered(text: str, cursor: int) -> None:
    for completion in complete(text, cursor, VOCABULARY):
        assert completion.start <= cursor
        assert parser.expect_after(text[: completion.start] + completion.text) is not None


@usual
@given(FILTERS, SESSIONS, TIMES)
def test_the_answer_for_a_kind_holds_for_every_record_of_it(
    text: str, session: list[Record], before: int | None
) -> None:
    compiled = compile_filter(text, VOCABULARY)
    for record in [*session, *SAMPLE]:
        assert compiled.matches_kind(classify_record(record)) in (None, compiled.matches(record, before))


def parts_of(record: Record) -> list[tuple[str, int]]:
    """Return the name and the offset of each part of a frame, as the screen shows them."""
    message = record.item
    assert isinstance(message, Message)
    return [(field.name, field.start) for field in (*framing_fields(message.frame), *message.fields)]


def assert_found_by_its_parts(record: Record, vocabulary: Vocabulary) -> None:
    for name, start in parts_of(record):
        text = build_part_filter(record, name, start, vocabulary)
        assert text is not None
        assert compile_filter(text, vocabulary).matches(record, None), text
        assert compile_filter(text, vocabulary).matches_kind(classify_record(record)) is not False


@of_every_command
@usual
@given(payload=PAYLOADS)
def test_a_record_is_found_by_each_of_its_parts(command: Command, payload: bytes) -> None:
    message = CODEC.decode(frame(command.route, command.code, payload[:200]))
    assert_found_by_its_parts(Record(1, message), VOCABULARY)


@settings(max_examples=100, deadline=None)
@given(user_files(), st.data())
def test_a_record_of_a_user_s_definition_is_found_by_each_of_its_parts(file: str, data: st.DataObject) -> None:
    try:
        definition = load(packaged_files(), [("my.toml", file)])
    except DefinitionError:
        assume(False)
    vocabulary, codec = Vocabulary(definition, lambda: UTC), Codec(definition)
    command = data.draw(st.sampled_from(definition.commands))
    message = codec.decode(frame(command.route, command.code, data.draw(PAYLOADS)[:200]))
    assert_found_by_its_parts(Record(1, message), vocabulary)


@usual
@given(st.sampled_from([*ROUTES, DBUS_EITHER_WAY]), st.integers(0, 255), PAYLOADS)
def test_a_record_of_an_unknown_command_is_found_by_each_of_its_parts(route: Route, code: int, payload: bytes) -> None:
    assert_found_by_its_parts(Record(1, CODEC.decode(frame(route, code, payload))), VOCABULARY)
