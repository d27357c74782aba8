"""Whatever stands in a data file: `load` refuses it with `DefinitionError`, or what it gives works to the end."""

import datetime
import tomllib
from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sniffer.base.errors import DefinitionError
from sniffer.core.protocol.definition_writer import format_definition
from sniffer.core.protocol.loader import load, packaged_files
from tests.core.protocol.helpers import as_file, assert_works
from tests.thoroughness import repetitions

FILES = {name: tomllib.loads(text) for name, text in packaged_files().items()}

thorough = settings(max_examples=repetitions(25, 120), deadline=None, suppress_health_check=[HealthCheck.too_slow])

ODD = [
    *[True, 0, -1, 1, 3, 256, 2**40, 2**70, 0.5, float("nan"), float("inf"), "", "x", "{", "{x}", "{name}", "é", "\\"],
    *["rest", "to zero", "uint", "ascii", "unknown", "hex", "0102", "status", "documented", "pwr>com", "dbus"],
    *[[], [1], ["x"], [[]], [{}], {}, {"x": 1}, {"values": 1}],
    *[datetime.date(2023, 1, 1), datetime.datetime(2023, 1, 1), datetime.time(1)],
]


def places_in(value, way=()):
    """Yield the path to each value inside a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, found in inner:
        yield (*way, key)
        yield from places_in(found, (*way, key))


PLACES = [(name, *way) for name in FILES for way in places_in(FILES[name])]
KINDS: dict[Any, Any] = {}
for place in PLACES:
    KINDS.setdefault((place[0], *(key for key in place if isinstance(key, str))), []).append(place)
"""Places by what they are, so that a key that stands once is tried as often as one that stands in every row."""


def changed(value, way, change):
    """Return a copy of a value in which the value at the end of the path is changed."""
    copy = dict(value) if isinstance(value, dict) else list(value)
    if len(way) > 1:
        copy[way[0]] = changed(copy[way[0]], way[1:], change)
    elif change == "lost":
        del copy[way[0]]
    else:
        copy[way[0]] = change
    return copy


@st.composite
def odd_files(draw):
    files = dict(FILES)
    for _ in range(draw(st.integers(1, 2))):
        place = draw(st.sampled_from(sorted(KINDS)).flatmap(lambda kind: st.sampled_from(KINDS[kind])))
        # The first change may have taken away the place of the second.
        with suppress(LookupError, TypeError, ValueError):
            files = changed(files, place, draw(st.just("lost") | st.sampled_from(ODD)))
    return {name: as_file(table) for name, table in files.items()}


def read_or_refused(files, own=()):
    try:
        return load(files, own)
    except DefinitionError as refused:
        return refused


def test_the_files_survive_being_written_again():
    assert {name: tomllib.loads(as_file(table)) for name, table in FILES.items()} == FILES
    assert load({name: as_file(table) for name, table in FILES.items()}) is not None


@thorough
@given(odd_files())
def test_nothing_but_a_definition_error_escapes_from_reading(files):
    read = read_or_refused(files)
    if isinstance(read, DefinitionError):
        assert str(read).startswith(tuple(f"{name}: " for name in files))


@thorough
@given(odd_files())
def test_a_definition_that_was_accepted_works(files):
    definition = read_or_refused(files)
    if isinstance(definition, DefinitionError):
        return
    assert_works(definition)


@thorough
@given(odd_files())
def test_a_file_of_a_user_that_was_accepted_works_and_can_be_written(files):
    definition = read_or_refused(packaged_files(), files.items())
    if isinstance(definition, DefinitionError):
        return
    assert_works(definition)
    assert load(packaged_files(), [("written", format_definition(definition))]) == definition
