"""The file as a whole: whatever a session holds, it is valid TOML, and everything new in it is assumed."""

import re
import tomllib

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sniffer.commands.learn.learner import Learner
from sniffer.commands.learn.proposal_file import format_proposals
from sniffer.core.protocol.definition_writer import format_definition
from sniffer.core.wire.links import ROUTES
from tests.commands.learn.helpers import Log, feed, learner_of, propose
from tests.core.charger.helpers import SAMPLE
from tests.core.protocol.helpers import DEFINITION

HOSTILE = ['"""', "'''", "\\", "\n[[error]]\nvendor = 1", "\r", "\x1b[2J", "\0", "\x85", "\u2028", "\u202e", "#", "{x}"]


def facts(command):
    """Yield each fact of a proposed command with its provenance: its name, and its fields with their offsets."""
    key = (command["link"], command["direction"], command["code"])
    yield (*key, command["name"]), command.get("provenance")
    offset = 0
    for field in command["fields"]:
        yield (*key, offset, field["name"], field["size"]), field.get("provenance")
        offset += field["size"] if isinstance(field["size"], int) else 0


PACKAGED = {
    fact: word for command in tomllib.loads(format_definition(DEFINITION))["command"] for fact, word in facts(command)
}


def test_the_sample_log_confirms_the_table_and_proposes_nothing():
    log = Log()
    log.lines = SAMPLE.read_text("ascii").splitlines()
    text, file = propose(log)
    assert file == {}
    assert text.startswith("# Proposals for a protocol definition, not facts: check each before relying on it.\n")
    assert "#   evse-sniff --definition proposals.toml SOURCE\n" in text
    assert "#   15 frames, 0 pieces of noise, 12 other lines, 1 boot\n" in text
    assert "# Received too rarely to judge their unknown bytes" in text


def test_nothing_read_is_a_valid_file():
    text, file = propose(Log())
    assert file == {}
    assert "#   0 frames, 0 pieces of noise, 0 other lines, 0 boots\n" in text


def test_numbers_without_a_name_are_listed_and_not_proposed():
    log = Log()
    for _ in range(3):
        log.frame(ROUTES[1], 0x01, [1, 9, 17, 0, 0, 0, 0, 0, 9, 0x1C, 0x15])
    text, file = propose(log)
    assert file == {}
    assert "#   status 9: 3 times\n" in text
    assert "#   OCPP error 17: 3 times\n" in text


def test_a_hostile_file_name_stays_in_its_comment():
    for name in HOSTILE:
        learner = Learner(DEFINITION)
        learner.begin(f"/tmp/{name}x.log")
        text = format_proposals(learner.result(), DEFINITION)
        assert tomllib.loads(text) == {}
        assert all(char.isprintable() or char == "\n" for char in text)


def test_only_the_base_name_of_a_file_is_shown():
    text, _ = propose(Log())
    assert "(0.log)" in text
    assert "/some/where" not in text


PLACEHOLDER = re.compile(r"\{(\w+)\}")

TEXTS = st.sampled_from(["icomCode = {},index=3", "pwrCom error Code vol:{},8,9", "ocpp error Code :{},{}", "{}"])
WORDS = st.sampled_from([*HOSTILE, "0", "7", "14", "0x100208", "2097672", "99999999999999999999"]) | st.text(max_size=5)
PAYLOADS = st.binary(max_size=14) | st.tuples(st.integers(0, 255), st.integers(0, 9)).map(
    lambda pair: bytes([1, 8, 14, 0, 0, 0, pair[1], 0, pair[0] % 4, *pair])
)
FRAMES = st.tuples(st.sampled_from(ROUTES), st.sampled_from([0, 1, 0x2C, 0x2D, 0x40]), PAYLOADS)
ENTRIES = st.tuples(TEXTS, WORDS, WORDS) | FRAMES


SESSIONS = st.lists(st.tuples(ENTRIES, st.integers(1, 12)), max_size=12)


def log_of(session):
    """Return a log with each of these entries so many times."""
    log = Log()
    for (first, *others), count in session:
        for index in range(count):
            if isinstance(first, str):
                log.text(first.format(*others))
            else:
                code, payload = others
                # The last byte counts, so that there is something to be found.
                log.frame(first, code, [*payload[:-1], index] if payload else payload, sequence=index)
    return log


@settings(max_examples=150, deadline=None)
@given(SESSIONS)
def test_any_session_gives_a_valid_file_whose_news_are_assumed(session):
    log = log_of(session)
    text, file = propose(log)
    errors = [entry[key] for entry in file.get("error", ()) for key in entry if key.endswith("provenance")]
    assert set(errors) <= {"assumed"}
    for fact, word in (fact for command in file.get("command", ()) for fact in facts(command)):
        assert word == PACKAGED[fact] if fact in PACKAGED else word in ("assumed", None)
    assert all(char.isprintable() or char == "\n" for char in text)
    for command in file.get("command", ()):
        names = [field["name"] for field in command["fields"]]
        assert len(set(names)) == len(names)
        assert set(PLACEHOLDER.findall(command["summary"])) <= set(names)
        unclaimed = [field["name"] for field in command["fields"] if "provenance" not in field]
        assert all(name.startswith("unknown") for name in unclaimed)


@given(st.text(min_size=1, max_size=20))
def test_names_of_a_users_own_definition_stay_in_their_places(name):
    commands = tuple(replace(command, name=name, about=name) for command in DEFINITION.commands)
    renamed = replace(DEFINITION, commands=commands)
    log = Log()
    for index in range(9):
        log.frame(ROUTES[0], 0x2C, [0, 0, 2, index])
    learner = Learner(renamed)
    feed(learner, log.lines, renamed)
    (command,) = tomllib.loads(format_proposals(learner.result(), renamed))["command"]
    assert (command["name"], command["about"]) == (name, name)


def test_reading_on_after_asking_goes_on():
    first, second = Log(), Log()
    first.fault(7, 11, 0x100208)
    second.fault(7, 11, 0x100208)
    learner = learner_of(first)
    assert "M4 7: once; proposed" in format_proposals(learner.result(), DEFINITION)
    learner.begin("second.log")
    feed(learner, second.lines)
    assert "M4 7: 2 times; proposed" in format_proposals(learner.result(), DEFINITION)
