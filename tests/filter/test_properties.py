"""What holds of every text and every record: only documented errors, verdicts that are kept, filters that find."""

from datetime import UTC

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sniffer.base.errors import DefinitionError
from sniffer.base.sanitize import printable
from sniffer.core.pipeline import Record
from sniffer.core.protocol.codec import Codec
from sniffer.core.protocol.loader import load, packaged_files
from sniffer.core.protocol.message import framing_fields
from sniffer.core.record_kind import shape_of
from sniffer.core.wire.links import DBUS_EITHER_WAY, ROUTES
from sniffer.filter import parser
from sniffer.filter.builder import build_part_filter
from sniffer.filter.compiler import compile_filter
from sniffer.filter.completion import complete
from sniffer.filter.vocabulary import Vocabulary
from tests.core.protocol.helpers import CODEC, frame, user_files
from tests.core.protocol.test_codec_properties import PAYLOADS, of_every_command
from tests.filter.helpers import FILTERS, SAMPLE, SESSIONS, TIMES, VOCABULARY, asked, refusal

usual = settings(max_examples=100, deadline=None)

WORDS = "status and or not ( ) == ~ < = ' \" \\ pwr>com 01 0x Faulted time 00:00:49 2023-11-30T raw DD · é field. -"
PIECES = st.sampled_from([*WORDS.split(), " ", "\n", "\x1b", "9" * 5000])
TEXTS = st.text(max_size=30) | st.lists(PIECES, max_size=12).map(" ".join) | st.lists(PIECES, max_size=12).map("".join)


@usual
@given(TEXTS | FILTERS)
def test_a_text_is_a_filter_or_an_error_that_points_into_it(text):
    told = refusal(text)
    if told is None:
        assert compile_filter(text, VOCABULARY).text == text
        assert {compile_filter(text, VOCABULARY).matches(record, None) for record in SAMPLE} <= {True, False}
    else:
        assert told.message == str(told) == printable(told.message)
        assert 0 <= told.start <= told.end <= len(text)
        assert len(told.message) < 400


@usual
@given(TEXTS | FILTERS, st.integers(0, 40))
def test_what_is_offered_can_stand_there(text, cursor):
    for offered in complete(text, cursor, VOCABULARY):
        assert offered.start <= cursor
        assert parser.expect_after(text[: offered.start] + offered.text) is not None


@usual
@given(FILTERS, SESSIONS, TIMES)
def test_the_verdict_on_a_shape_is_kept_by_every_record_of_it(text, session, before):
    query = compile_filter(text, VOCABULARY)
    for record in [*session, *SAMPLE]:
        assert query.matches_kind(shape_of(record)) in (None, query.matches(record, before))


@usual
@given(FILTERS, FILTERS, SESSIONS)
def test_and_or_and_not_are_what_logic_says(one, other, session):
    wanted, also = ({record.number for record in asked(text, session)} for text in (one, other))
    everything = {record.number for record in session}

    def found(text):
        return {record.number for record in asked(text, session)}

    assert found(f"({one}) and ({other})") == wanted & also
    assert found(f"({one}) or ({other})") == wanted | also
    assert found(f"not ({one})") == everything - wanted


def parts_of(record):
    """The parts of a record as the screen has them: name and place."""
    message = record.item
    shown = (*framing_fields(message.frame), *message.fields)
    return [(field.name, field.start) for field in shown]


def assert_found_by_its_parts(record, vocabulary):
    for name, start in parts_of(record):
        text = build_part_filter(record, name, start, vocabulary)
        assert compile_filter(text, vocabulary).matches(record, None), text
        assert compile_filter(text, vocabulary).matches_kind(shape_of(record)) is not False


@of_every_command
@usual
@given(payload=PAYLOADS)
def test_a_record_is_found_by_each_of_its_parts(command, payload):
    message = CODEC.decode(frame(command.route, command.code, payload[:200]))
    assert_found_by_its_parts(Record(1, message), VOCABULARY)


@settings(max_examples=100, deadline=None)
@given(user_files(), st.data())
def test_so_it_is_where_a_user_has_added_commands_fields_and_lines(file, data):
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
def test_so_it_is_of_commands_that_nobody_knows(route, code, payload):
    assert_found_by_its_parts(Record(1, CODEC.decode(frame(route, code, payload))), VOCABULARY)
