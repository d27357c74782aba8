"""Sessions of records, and filters applied to them in one call."""

from collections.abc import Sequence
from datetime import UTC

from hypothesis import strategies as st

from sniffer.base.errors import QueryError
from sniffer.core.pipeline import Pipeline, SourceItem
from sniffer.core.protocol.definition import Definition
from sniffer.core.record import Record
from sniffer.core.wire.items import Chunk, TapGap
from sniffer.filter.builder import quote
from sniffer.filter.compiler import compile_filter
from sniffer.filter.vocabulary import Vocabulary
from sniffer.formats.charger_log import parse_line
from tests.core.charger.helpers import sample_lines
from tests.core.protocol.helpers import DEFINITION
from tests.core.wire.helpers import STREAMS
from tests.known_frames import STATUS_REPORT

VOCABULARY = Vocabulary(DEFINITION, lambda: UTC)

LINES = st.sampled_from(
    [
        "hello",
        "Com boot!",
        "12 2023-11-30T00:00:49Z [comproc] ocpp error Code :14,2097672",
        "2023-11-30T00:00:50Z [comproc] icomCode = 4,index=3",
        f"<=pwrboard:{STATUS_REPORT.raw.hex()}",
        "<=Dbus:FF 6A A6",
    ]
).map(parse_line)

TIMES = st.none() | st.integers(0, 4_000_000_000)

SESSIONS = st.lists(st.builds(Chunk, STREAMS, TIMES) | LINES, max_size=6).map(lambda items: records(*items))
"""Records of anything that a line or a log can bring, damage included."""


def records(*items: SourceItem, definition: Definition = DEFINITION) -> list[Record]:
    """Return all records of a session of these items, whose source is lost at the end."""
    pipeline = Pipeline(definition)
    found = [record for item in items for record in pipeline.feed(item)]
    return found + pipeline.feed(TapGap(None, "unplugged"))


SAMPLE = records(*sample_lines())[:-1]
"""The records of the sample log."""


def matching(text: str, session: Sequence[Record] = SAMPLE, vocabulary: Vocabulary = VOCABULARY) -> list[Record]:
    """Return the records of a session that match a filter."""
    compiled = compile_filter(text, vocabulary)
    before: int | None = None
    found = []
    for record in session:
        if compiled.matches(record, before):
            found.append(record)
        before = before if record.time is None else record.time
    return found


def numbers(text: str, session: Sequence[Record] = SAMPLE, vocabulary: Vocabulary = VOCABULARY) -> list[int]:
    """Return the numbers of the records that match a filter."""
    return [record.number for record in matching(text, session, vocabulary)]


def lines(text: str, session: Sequence[Record] = SAMPLE) -> list[int | None]:
    """Return the line numbers, as the log prints them, of the records that match a filter."""
    return [record.line for record in matching(text, session)]


def find_error(text: str, vocabulary: Vocabulary = VOCABULARY) -> QueryError | None:
    """Return the error of a filter, or None if it is valid."""
    try:
        compile_filter(text, vocabulary)
    except QueryError as error:
        return error
    return None


def error_of(text: str) -> tuple[str, str]:
    """Return the message of a wrong filter, and the part of its text that the error points at."""
    error = find_error(text)
    assert error is not None
    return error.message, text[error.start : error.end]


def _options() -> list[str]:
    """Return all values with a name, each once."""
    attributes = [attribute for name in VOCABULARY.names if (attribute := VOCABULARY.find(name))]
    return [*dict.fromkeys(option for attribute in attributes for option in attribute.value_type.options)]


COMPARISONS = st.builds(
    lambda name, operator, value: f"{name} {operator} {value}",
    st.sampled_from(VOCABULARY.names),
    st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "~", ""]),
    st.sampled_from(['""', '"DD DD"', "com", "0.5", "00:00:49", "1970-01-01", "00", "01", "0001", "8", "1", "14", "-3"])
    | st.sampled_from(_options()).map(quote),
)

ATOMS = (
    st.sampled_from(VOCABULARY.names)
    | st.sampled_from(['"fault"', '"01"'])
    | COMPARISONS.filter(lambda text: find_error(text) is None)
)

FILTERS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds("not ({})".format, inner),
        st.builds("({}) and ({})".format, inner, inner),
        st.builds("({}) or ({})".format, inner, inner),
    ),
    max_leaves=6,
)
"""Valid filters."""
