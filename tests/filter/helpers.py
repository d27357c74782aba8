"""Filters and records for tests: sessions to ask, and a question in one call."""

from datetime import UTC

from hypothesis import strategies as st

from sniffer.base.errors import QueryError
from sniffer.core.pipeline import Pipeline
from sniffer.core.wire.frame import Chunk, TapGap
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
"""Records of what a wire or a log can bring, damage and all."""


def records(*items, definition=DEFINITION):
    """All records of a session of these items; its source is lost in the end."""
    pipeline = Pipeline(definition)
    found = [record for item in items for record in pipeline.feed(item)]
    return found + pipeline.feed(TapGap(None, "unplugged"))


SAMPLE = records(*sample_lines())[:-1]


def asked(text, session=SAMPLE, vocabulary=VOCABULARY):
    """The records that this filter wants, each with the time of the record before it at hand."""
    query = compile_filter(text, vocabulary)
    before, found = None, []
    for record in session:
        if query.matches(record, before):
            found.append(record)
        before = before if record.time is None else record.time
    return found


def numbers(text, session=SAMPLE, vocabulary=VOCABULARY):
    return [record.number for record in asked(text, session, vocabulary)]


def lines(text, session=SAMPLE):
    """The same by the numbers that the log prints."""
    return [record.line for record in asked(text, session)]


def refusal(text, vocabulary=VOCABULARY):
    """The error that a filter gives; None where it is right."""
    try:
        compile_filter(text, vocabulary)
    except QueryError as error:
        return error
    return None


def complaint(text):
    """What is said of a filter that is wrong, and what it points at."""
    error = refusal(text)
    return error.message, text[error.start : error.end]


OPTIONS = [*dict.fromkeys(option for name in VOCABULARY.names for option in VOCABULARY.find(name).value_type.options)]
COMPARISONS = st.builds(
    lambda name, operator, value: f"{name} {operator} {value}",
    st.sampled_from(VOCABULARY.names),
    st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "~", ""]),
    st.sampled_from(['""', '"DD DD"', "com", "0.5", "00:00:49", "1970-01-01", "00", "01", "0001", "8", "1", "14", "-3"])
    | st.sampled_from(OPTIONS).map(quote),
)

ATOMS = (
    st.sampled_from(VOCABULARY.names)
    | st.sampled_from(['"fault"', '"01"'])
    | COMPARISONS.filter(lambda text: refusal(text) is None)
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
"""Filters that are right."""
