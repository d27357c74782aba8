"""Recent sources and filters: newest first, each once, and a damaged file does not prevent the start."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sniffer.config.recent import MAX_FILTERS, MAX_SOURCES, Recent, RecentFile, RecentSource

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["sources", "filters", "name", "baud"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state" / "recent.json"


@pytest.fixture
def file(path):
    return RecentFile(path)


@pytest.fixture(scope="module")
def any_path(tmp_path_factory):
    return tmp_path_factory.mktemp("recent") / "recent.json"


def test_at_first_there_is_nothing(file):
    assert (file.recent, file.complaint) == (Recent(), "")


def test_the_file_stands_where_the_system_wants_it(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    RecentFile().add_filter("crc bad")
    assert json.loads((tmp_path / "evse-sniff" / "recent.json").read_text())["filters"] == ["crc bad"]


def test_the_newest_is_first_and_each_is_there_once(file, path):
    for source in (RecentSource("a.log"), RecentSource("/dev/ttyUSB0", 9600), RecentSource("a.log")):
        assert file.add_source(source) == ""
    assert RecentFile(path).recent.sources == (RecentSource("a.log"), RecentSource("/dev/ttyUSB0", 9600))
    file.add_source(RecentSource("/dev/ttyUSB0", 115200))
    assert RecentFile(path).recent.sources == (RecentSource("/dev/ttyUSB0", 115200), RecentSource("a.log"))


def test_only_the_last_are_kept(file, path):
    for number in range(60):
        file.add_source(RecentSource(f"{number}.log"))
        file.add_filter(f"seq == {number}")
    recent = RecentFile(path).recent
    assert [source.name for source in recent.sources] == [f"{59 - number}.log" for number in range(MAX_SOURCES)]
    assert list(recent.filters) == [f"seq == {59 - number}" for number in range(MAX_FILTERS)]


def test_names_of_any_bytes_come_back(file, path):
    name = b"/tmp/\xff\x1b[31m\xe6.log".decode("utf-8", "surrogateescape")
    file.add_source(RecentSource(name))
    assert RecentFile(path).recent.sources == (RecentSource(name),)


@given(content=st.binary(max_size=40) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_file_can_be_started_with_and_added_to(any_path, content):
    any_path.write_bytes(content)
    file = RecentFile(any_path)
    recent = file.recent
    assert file.complaint == "" or recent == Recent()
    assert "\n" not in file.complaint
    assert file.add_source(RecentSource("a.log")) == ""
    assert RecentFile(any_path).recent == file.recent == recent.with_source(RecentSource("a.log"))


@pytest.mark.parametrize(
    "content",
    ["{", "[]", '{"sources": 3}', '{"sources": [{"name": "a", "baud": -1}]}', '{"filters": [1]}', "[" * 9999, "\0"],
)
def test_a_damaged_file_is_reported_in_one_line(any_path, content):
    any_path.write_text(content)
    assert RecentFile(any_path).complaint == f"recent sources: {any_path}: damaged: what was used last is forgotten"


def test_what_another_program_added_meanwhile_stays(file, path):
    RecentFile(path).add_source(RecentSource("other.log"))
    file.add_source(RecentSource("mine.log"))
    assert file.recent.sources == (RecentSource("mine.log"), RecentSource("other.log"))


def test_a_place_that_cannot_be_written_is_reported_once(tmp_path):
    (tmp_path / "file").touch()
    file = RecentFile(tmp_path / "file" / "recent.json")
    assert "recent sources are not kept: " in file.add_source(RecentSource("a.log"))
    assert file.add_filter("crc bad") == ""


def test_a_screen_that_only_looks_keeps_nothing(path):
    RecentFile(path).add_filter("noise")
    before = path.read_bytes()
    looking = RecentFile(path, is_kept=False)
    assert looking.recent.filters == ("noise",)
    assert looking.add_filter("crc bad") == looking.add_source(RecentSource("/dev/ttyUSB0")) == ""
    assert path.read_bytes() == before
