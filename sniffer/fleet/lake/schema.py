"""The tables of the lake, as data: what each column holds, its type, and the version that added it.

Columns are only ever added, at the end of their table, and with a higher version: files that exist are never written
anew. A column keeps the number of its place as its field id in Parquet, by which readers find it in files of any
version; in older files it is null. `bench` and `date` are no columns of the files: they are in the folders' names.

Times are in nanoseconds since the epoch, in UTC, without a zone, as no engine keeps nanoseconds with one.
"""

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from sniffer.core.protocol.phases import PHASES

SCHEMA_VERSION = 3
"""The version of the schema; it grows with each addition."""

SqlType = Literal["VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN", "BLOB", "TIMESTAMP_NS"]
"""The type of a column, by its name in SQL."""


class LakeColumn(NamedTuple):
    """One column. `since` is the version of the schema that added it."""

    name: str
    kind: SqlType
    about: str
    since: int = 1


class LakeTable(NamedTuple):
    """One table; its first column is the session of each row."""

    name: str
    about: str
    columns: tuple[LakeColumn, ...]


PARTITIONS: Mapping[str, str] = {"bench": "VARCHAR", "date": "DATE"}
"""The columns that the names of folders hold: the bench, and the day in UTC on which the session began, or null."""

_SESSION = LakeColumn("session", "VARCHAR", "the session, by its content")
_NUMBER = LakeColumn("number", "BIGINT", "the record, counted from 1 in its session")
_TIME = LakeColumn("time", "TIMESTAMP_NS", "when it was; null without times")
_CONNECTOR = LakeColumn("connector", "BIGINT", "the connector; null if none was named")


def _list_phase_columns() -> Iterator[LakeColumn]:
    for phase in PHASES:
        yield LakeColumn(f"{phase}_before", "DOUBLE", f"volts of {phase.upper()} ten seconds before the fault")
        yield LakeColumn(f"{phase}_lowest", "DOUBLE", "the lowest in these ten seconds")
        yield LakeColumn(f"{phase}_highest", "DOUBLE", "the highest in these ten seconds")
        yield LakeColumn(f"{phase}_at_fault", "DOUBLE", "that reported last before the fault")


TABLES: tuple[LakeTable, ...] = (
    LakeTable(
        "sessions",
        "one row for each session; a session without one is not in the lake",
        (
            _SESSION,
            LakeColumn("source", "VARCHAR", "the file that it was read from"),
            LakeColumn("began", "TIMESTAMP_NS", "the first time in it"),
            LakeColumn("ended", "TIMESTAMP_NS", "the last time in it"),
            LakeColumn("unit", "VARCHAR", "the charger: its charge point id, else its serial number"),
            LakeColumn("vendor", "VARCHAR", "what the power board says about itself"),
            LakeColumn("model", "VARCHAR", "the same"),
            LakeColumn("serial", "VARCHAR", "the same"),
            LakeColumn("firmware", "VARCHAR", "the same"),
            LakeColumn("content_bytes", "BIGINT", "the size of the file, unpacked"),
            LakeColumn("bytes", "BIGINT", "bytes read from the line"),
            LakeColumn("frames", "BIGINT", "frames"),
            LakeColumn("frame_bytes", "BIGINT", "bytes in frames"),
            LakeColumn("crc_bytes", "BIGINT", "bytes of frames with a wrong CRC"),
            LakeColumn("truncated_bytes", "BIGINT", "bytes of frames that did not end"),
            LakeColumn("garbage_bytes", "BIGINT", "other bytes in no frame"),
            LakeColumn("text_lines", "BIGINT", "lines of a text log without a frame"),
            LakeColumn("records", "BIGINT", "records of all kinds"),
            LakeColumn("health", "VARCHAR", "the verdict on the link at the end"),
            LakeColumn("coarse", "BOOLEAN", "the times are whole seconds, or there are none: no answer times"),
            LakeColumn("read_error", "VARCHAR", "why the reading ended too early; null if it did not"),
            LakeColumn("decoder", "VARCHAR", "the version of evse-sniff that decoded it"),
            LakeColumn("schema", "BIGINT", "the version of this schema"),
            LakeColumn(
                "definition",
                "VARCHAR",
                "the known boards and own files that it was decoded with, each with a digest of its text; null without",
                since=2,
            ),
        ),
    ),
    LakeTable(
        "frames",
        "one row for each frame with a valid CRC",
        (
            _SESSION,
            _NUMBER,
            _TIME,
            LakeColumn("line", "BIGINT", "the number that a text log gives the line"),
            LakeColumn("link", "VARCHAR", "the link"),
            LakeColumn("direction", "VARCHAR", "such as com>pwr; null if it is not known"),
            LakeColumn("seq", "BIGINT", "the sequence number"),
            LakeColumn("command", "BIGINT", "the command code"),
            LakeColumn("name", "VARCHAR", "the name of the command"),
            LakeColumn("fields", "VARCHAR", "the values of the fields by name, as a JSON object"),
            LakeColumn("problem", "VARCHAR", "what is wrong with the size of the payload; null if nothing is"),
            LakeColumn("raw", "BLOB", "all bytes of the frame, exactly as received"),
        ),
    ),
    LakeTable(
        "measures",
        "one row for each report of measured values; null for what it does not have",
        (
            _SESSION,
            _NUMBER,
            _TIME,
            _CONNECTOR,
            LakeColumn("source", "VARCHAR", "the link and the name of the command, or the kind of log line"),
            LakeColumn("l1_voltage", "DOUBLE", "V"),
            LakeColumn("l2_voltage", "DOUBLE", "V"),
            LakeColumn("l3_voltage", "DOUBLE", "V"),
            LakeColumn("l1_current", "DOUBLE", "A"),
            LakeColumn("l2_current", "DOUBLE", "A"),
            LakeColumn("l3_current", "DOUBLE", "A"),
            LakeColumn("voltage", "DOUBLE", "V"),
            LakeColumn("current", "DOUBLE", "A"),
            LakeColumn("energy", "DOUBLE", "Wh"),
            LakeColumn("board_temperature", "DOUBLE", "°C"),
            LakeColumn("connector_temperature", "DOUBLE", "°C"),
            LakeColumn("temperature", "DOUBLE", "°C"),
            LakeColumn("cp_voltage", "DOUBLE", "V of the control pilot"),
            LakeColumn("power", "DOUBLE", "W in all, of boards of other makers", since=3),
        ),
    ),
    LakeTable(
        "events",
        "one row for each event, as `dump --json` prints them",
        (
            _SESSION,
            _NUMBER,
            _TIME,
            LakeColumn("event", "VARCHAR", "the name of the event"),
            _CONNECTOR,
            LakeColumn("detail", "VARCHAR", "the other keys of the event, as a JSON object (`evse-sniff help json`)"),
        ),
    ),
    LakeTable(
        "faults",
        "one row for each fault of a connector, from its first report to its end",
        (
            _SESSION,
            LakeColumn("number", "BIGINT", "the record that raised it"),
            LakeColumn("time", "TIMESTAMP_NS", "when it was raised"),
            LakeColumn("cleared", "TIMESTAMP_NS", "when it ended; null while it is active"),
            LakeColumn("recovery", "DOUBLE", "seconds from raised to cleared"),
            LakeColumn("active", "BOOLEAN", "it was active when the session ended"),
            _CONNECTOR,
            LakeColumn("kind", "VARCHAR", "its meaning by the error table, else its codes"),
            LakeColumn("ocpp_error", "VARCHAR", "the code as OCPP names it"),
            LakeColumn("vendor_error", "VARCHAR", "the vendor code in hexadecimal"),
            LakeColumn("m4_error", "BIGINT", "the M4 code"),
            LakeColumn("agree", "BOOLEAN", "the codes agree; null if only one was sent"),
            LakeColumn("reports", "BIGINT", "how often it was reported"),
            LakeColumn("firmware", "VARCHAR", "the firmware announced before it in this session"),
            *_list_phase_columns(),
        ),
    ),
    LakeTable(
        "transitions",
        "one row for each status of a connector that differs from the one before",
        (
            _SESSION,
            _NUMBER,
            _TIME,
            _CONNECTOR,
            LakeColumn("before", "VARCHAR", "the status before; null for the first one"),
            LakeColumn("after", "VARCHAR", "the status from now on"),
            LakeColumn("legal", "BOOLEAN", "OCPP 1.6 allows the move; null if a status is not known"),
            LakeColumn("dwell", "DOUBLE", "seconds in the status before"),
            LakeColumn("cp_voltage", "DOUBLE", "V of the control pilot"),
        ),
    ),
    LakeTable(
        "exchanges",
        "one row for each answered request, and each that got no answer",
        (
            _SESSION,
            LakeColumn("number", "BIGINT", "the record of the answer, or that showed that there is none"),
            _TIME,
            LakeColumn("request", "BIGINT", "the record of the request"),
            LakeColumn("link", "VARCHAR", "the link; `ocpp` for calls that a text log printed"),
            LakeColumn("command", "BIGINT", "the command code of the answer; of the request if there is none"),
            LakeColumn("name", "VARCHAR", "the name of the request"),
            LakeColumn("answered", "BOOLEAN", "there was an answer"),
            LakeColumn("latency", "BIGINT", "nanoseconds from request to answer; null if not known"),
        ),
    ),
)
"""All tables. The rows of `sessions` are written last: they make a session present."""

SESSIONS = TABLES[0]

TABLES_BY_NAME: Mapping[str, LakeTable] = {table.name: table for table in TABLES}
