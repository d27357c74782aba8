"""Settings: saved values are read back, unknown keys and comments stay, and no file prevents the start."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sniffer.config.settings import DEFAULTS, TIME_MODES, Settings, SettingsFile

NAMES = st.text(st.characters(codec="utf-8"), max_size=12)
SETTINGS = st.builds(
    Settings,
    theme=NAMES,
    time_mode=st.sampled_from(TIME_MODES),
    columns=st.none() | st.lists(NAMES, max_size=4).map(tuple),
    baud=st.none() | st.integers(1, 4_000_000),
    keys=st.dictionaries(NAMES, NAMES, max_size=3).map(lambda keys: tuple(keys.items())),
)
"""Settings as the screen changes them: it leaves `publish` alone."""

ODD_FILES = st.binary(max_size=60) | st.sampled_from(
    [
        b"theme = 3",
        b"theme = ['evse-day']",
        b"[theme]\nname = 'evse-day'",
        b"theme.name = 1",
        b"[[theme]]",
        b"time_mode = 'sideways'",
        b"time_mode = ['delta']",
        b"time_mode = nan",
        b"columns = 'time'",
        b"columns = [1, 'time']",
        b"columns = {a = 1}",
        b"baud = 'fast'",
        b"baud = -1",
        b"baud = true",
        b"baud = 1e9",
        b"keys = 3",
        b"[keys]\nnote = 3",
        b"keys.note.more = 'm'",
        b"[[keys]]\nnote = 'm'",
        b"publish = 3",
        b"[publish]\nto = 3\nframes = 'yes'\nuse = 'x'",
        b"[[publish]]\nto = 'x'",
        b"0.-.0=''",
        b"theme = 'a'\ntheme = 'b'",
        b"\xef\xbb\xbftheme = 'a'",
        b"a = " + b"[" * 5000,
        b"a = " + b"9" * 5000,
        b"\x00",
    ]
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "evse-sniff" / "settings.toml"


@pytest.fixture(scope="module")
def any_path(tmp_path_factory):
    return tmp_path_factory.mktemp("settings") / "settings.toml"


def test_without_a_file_the_defaults_hold_and_none_is_made(path):
    file = SettingsFile(path)
    assert (file.settings, file.complaint) == (DEFAULTS, "")
    assert not path.exists()


def test_the_file_stands_where_the_system_wants_it(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    SettingsFile().save(Settings(theme="evse-day"))
    assert (tmp_path / "evse-sniff" / "settings.toml").read_text() == 'theme = "evse-day"\n'


@given(first=SETTINGS, second=SETTINGS)
def test_what_was_saved_comes_back(any_path, first, second):
    any_path.unlink(missing_ok=True)
    file = SettingsFile(any_path)
    for settings in (first, second):
        assert file.save(settings) == ""
        again = SettingsFile(any_path)
        assert (file.settings, again.settings, again.complaint) == (settings, settings, "")


@given(content=ODD_FILES, settings=SETTINGS)
def test_any_file_can_be_started_with_and_saved_to(any_path, content, settings):
    any_path.write_bytes(content)
    file = SettingsFile(any_path)
    assert "\n" not in file.complaint
    complaint = file.save(settings)
    assert "\n" not in complaint
    assert file.settings == settings
    if complaint:
        assert any_path.read_bytes() == content
    else:
        tomllib.loads(any_path.read_text("utf-8"))


def test_what_others_wrote_stays(path):
    path.parent.mkdir()
    path.write_text('# mine\ntheme = "evse-day"  # for the sun\nfuture = 1\n\n[panel]\nwide = true\n')
    file = SettingsFile(path)
    assert file.settings == Settings(theme="evse-day")
    file.save(replace(file.settings, time_mode="delta", columns=("time", "name")))
    assert path.read_text() == (
        '# mine\ntheme = "evse-day"  # for the sun\nfuture = 1\n'
        'time_mode = "delta"\ncolumns = ["time", "name"]\n\n[panel]\nwide = true\n'
    )
    file.save(replace(file.settings, columns=None))
    assert "columns" not in path.read_text()
    assert SettingsFile(path).settings == Settings(theme="evse-day", time_mode="delta")


def test_only_what_changed_is_written_over_what_another_program_saved(path):
    one, other = SettingsFile(path), SettingsFile(path)
    one.save(replace(one.settings, theme="evse-day"))
    other.save(replace(other.settings, time_mode="relative"))
    assert SettingsFile(path).settings == Settings(theme="evse-day", time_mode="relative")


def test_what_is_wrong_is_reported_in_one_line_and_the_rest_holds(path):
    path.parent.mkdir()
    path.write_text('theme = 3\ntime_mode = "sideways"\ncolumns = ["time"]\n')
    file = SettingsFile(path)
    assert file.settings == Settings(columns=("time",))
    assert file.complaint == (
        f"settings: {path}: theme must be the name of a theme; time_mode must be one of absolute, relative, delta"
    )


def test_a_file_that_is_no_toml_is_reported_and_left_alone(path):
    path.parent.mkdir()
    path.write_text("theme = evse-day\n")
    file = SettingsFile(path)
    assert file.settings == DEFAULTS
    assert "not valid TOML: mend it or delete it" in file.complaint
    assert "not valid TOML" in file.save(Settings(theme="evse-day"))
    assert path.read_text() == "theme = evse-day\n"


def test_a_place_that_cannot_be_written_is_reported_once(tmp_path):
    (tmp_path / "file").touch()
    file = SettingsFile(tmp_path / "file" / "settings.toml")
    assert "settings are not kept: " in file.save(Settings(theme="evse-day"))
    assert file.save(DEFAULTS) == ""


def test_times_are_absolute_by_default(path):
    assert SettingsFile(path).settings.time_mode == "absolute"


@pytest.mark.parametrize(("text", "baud"), [("baud = 9600", 9600), ('baud = "auto"', None), ("", None)])
def test_the_rate_is_a_number_or_found(path, text, baud):
    path.parent.mkdir()
    path.write_text(text)
    assert (SettingsFile(path).settings.baud, SettingsFile(path).complaint) == (baud, "")


def test_keys_are_a_table_by_action(path):
    path.parent.mkdir()
    path.write_text('[keys]\nnote = "m"\nfilter = "F2"\n')
    file = SettingsFile(path)
    assert file.settings.keys == (("note", "m"), ("filter", "F2"))
    file.save(replace(file.settings, theme="evse-day"))
    assert SettingsFile(path).settings.keys == (("note", "m"), ("filter", "F2"))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('baud = "fast"', 'baud must be a rate such as 9600, or "auto"'),
        ("baud = true", 'baud must be a rate such as 9600, or "auto"'),
        ("keys = 3", 'keys must be a table of keys by action, such as note = "F4"'),
        ("colums = []", "colums is no setting: did you mean columns?"),
    ],
)
def test_a_complaint_says_what_to_write(path, text, complaint):
    path.parent.mkdir()
    path.write_text(text)
    assert SettingsFile(path).complaint == f"settings: {path}: {complaint}"


def test_a_last_line_without_an_end_stays_a_line(path):
    path.parent.mkdir()
    path.write_text("a.b = 'c'")
    file = SettingsFile(path)
    assert file.save(replace(file.settings, theme="evse-day")) == ""
    assert tomllib.loads(path.read_text()) == {"a": {"b": "c"}, "theme": "evse-day"}


def test_a_wrong_key_of_one_action_leaves_the_others(path):
    path.parent.mkdir()
    path.write_text('[keys]\nnote = "m"\nfind = 7\n')
    file = SettingsFile(path)
    assert file.settings.keys == (("note", "m"),)
    assert file.complaint == f'settings: {path}: keys: find must be a key in quotes, such as "F4"'
