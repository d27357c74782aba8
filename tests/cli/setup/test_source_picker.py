"""From a choice to an open source: a source that does not open is reported, and the user chooses again; one that opens
is remembered.
"""

import os
from typing import ClassVar

import pytest

from sniffer.base.errors import SourceError
from sniffer.cli.setup import source_picker
from sniffer.cli.setup.source_picker import build_sections, open_and_keep, pick_on_screen, pick_source
from sniffer.config.definition_choice import choose_definition
from sniffer.config.definition_files import load_definition
from sniffer.config.recent import Recent, RecentFile, RecentSource
from sniffer.config.samples import list_samples
from sniffer.config.settings import SettingsFile
from sniffer.core.protocol.definition import Definition
from sniffer.core.protocol.loader import packaged_definition
from sniffer.formats.pcapng.writer import CaptureWriter
from sniffer.simulator.scenarios import DEFAULT, SCENARIOS
from sniffer.sources.file_options import DEFAULT as ANY_FILE
from sniffer.sources.open import LineOptions
from sniffer.sources.serial.adapter import BY_ID
from sniffer.sources.serial.discovery import Port
from sniffer.tui.screens.picker_model import SourceChoice
from tests.paths import CAPTURES

CAPTURE = CAPTURES / "undervoltage.log"
LINE = LineOptions(9600)


class Picker:
    """A user who makes these choices, one after the other. `errors` are the errors shown before each."""

    def __init__(self, *choices):
        self._choices = iter(choices)
        self.errors = []

    def __call__(self, error):
        self.errors.append(error)
        return next(self._choices)


@pytest.fixture
def recent(tmp_path):
    return RecentFile(tmp_path / "recent.json")


@pytest.fixture
def line():
    main, port = os.openpty()
    yield os.ttyname(port)
    os.close(main)
    os.close(port)


def load(name: str) -> Definition:
    return choose_definition([], [name], lambda _: None)


class TestTheLoop:
    def test_opens_what_was_chosen_at_the_chosen_rate(self, recent):
        picker = Picker(SourceChoice("demo:noisy", 9600))
        picked = pick_source(picker, recent, load)
        assert picked is not None
        source, complaint, definition = picked
        assert definition is packaged_definition()
        assert (source.name, source.baud, complaint) == ("demo:noisy", 9600, "")
        assert picker.errors == [""]

    def test_reports_why_a_source_does_not_open_and_shows_the_picker_again(self, recent):
        picker = Picker(
            SourceChoice("/dev/ttyUSB99", 9600), SourceChoice("nothing.log", 9600), SourceChoice(str(CAPTURE), 9600)
        )
        picked = pick_source(picker, recent, load)
        assert picked is not None
        source, *_ = picked
        assert source.name == str(CAPTURE)
        assert picker.errors[0] == ""
        assert picker.errors[1].startswith("/dev/ttyUSB99: no such port")
        assert picker.errors[2].startswith("nothing.log: no such file")
        assert [source.name for source in recent.recent.sources] == [str(CAPTURE)]

    def test_a_recording_of_a_known_board_is_read_with_its_definition(self, recent, tmp_path):
        path = tmp_path / "a.pcapng"
        path.write_bytes(CaptureWriter("port", origins=load_definition(["tuya"]).origins).encode_header())
        picked = pick_source(Picker(SourceChoice(str(path), 9600)), recent, load)
        assert picked is not None
        assert picked[2].links.framed == {"tuya"}

    def test_ends_where_the_user_leaves(self, recent):
        picker = Picker(SourceChoice("nothing.log", 9600), None)
        assert pick_source(picker, recent, load) is None
        assert recent.recent == Recent()


class FakePicker:
    """The picker of a user who chooses `choice`, or one that fails with `return_code`."""

    choice: SourceChoice | None = SourceChoice("demo", None)
    return_code = 0
    notices: ClassVar[list[tuple[str, ...]]] = []

    def __init__(self, list_sections, baud, error, preferences):
        self.notices.append(preferences.notices)

    def run(self):
        return self.choice


class TestOnTheScreen:
    @pytest.fixture(autouse=True)
    def picker(self, monkeypatch):
        monkeypatch.setattr(FakePicker, "notices", [])
        monkeypatch.setattr("sniffer.tui.screens.picker.PickerApp", FakePicker)

    def pick(self, recent, tmp_path):
        return pick_on_screen(9600, SettingsFile(tmp_path / "settings.toml"), recent, ["your settings are damaged"])

    def test_the_choice_is_returned_and_the_notices_are_shown_once(self, recent, tmp_path):
        pick = self.pick(recent, tmp_path)
        assert [pick(""), pick("demo does not open")] == [FakePicker.choice] * 2
        assert FakePicker.notices == [("your settings are damaged",), ()]

    def test_a_picker_that_fails_ends_the_program(self, recent, tmp_path, monkeypatch):
        monkeypatch.setattr(FakePicker, "return_code", 1)
        with pytest.raises(SystemExit, match="1"):
            self.pick(recent, tmp_path)("")


class TestWhatIsKept:
    def test_a_file_is_kept_with_its_whole_path(self, recent, tmp_path, monkeypatch):
        (tmp_path / "tap.bin").write_bytes(b"\xaa\x01")
        monkeypatch.chdir(tmp_path)
        open_and_keep(["tap.bin"], LINE, ANY_FILE, recent)
        assert recent.recent.sources == (RecentSource(str(tmp_path / "tap.bin")),)

    def test_a_port_is_kept_with_its_rate(self, recent, line):
        open_and_keep([line], LINE, ANY_FILE, recent)
        assert recent.recent.sources == (RecentSource(line, 9600),)

    def test_an_adapter_is_kept_by_the_name_that_stays(self, recent, line, monkeypatch):
        monkeypatch.setattr(source_picker, "find_stable_name", {line: "/dev/serial/by-id/usb-FTDI"}.get)
        open_and_keep([line], LINE, ANY_FILE, recent)
        assert recent.recent.sources == (RecentSource("/dev/serial/by-id/usb-FTDI", 9600),)

    def test_the_simulated_charger_is_not_kept(self, recent):
        for name in ("demo", "demo:noisy"):
            open_and_keep([name], LINE, ANY_FILE, recent)
        assert recent.recent == Recent()

    def test_what_does_not_open_is_not_kept(self, recent):
        with pytest.raises(SourceError):
            open_and_keep(["nothing.log"], LINE, ANY_FILE, recent)
        assert recent.recent == Recent()

    def test_a_file_that_cannot_be_written_is_reported_and_the_source_opens(self, tmp_path):
        (tmp_path / "file").touch()
        source, complaint = open_and_keep([str(CAPTURE)], LINE, ANY_FILE, RecentFile(tmp_path / "file" / "recent.json"))
        assert source.name == str(CAPTURE)
        assert "recent sources are not kept" in complaint


class TestSections:
    def test_is_ports_recent_sources_samples_and_scenarios(self, monkeypatch, tmp_path):
        port = Port("/dev/ttyUSB0", "FT232R", "FTDI", "0403:6001", str(BY_ID / "usb-FTDI"), "in use")
        monkeypatch.setattr(source_picker, "list_serial_ports", lambda: [port])
        (tmp_path / "tap.bin").touch()
        kept = (RecentSource(str(BY_ID / "usb-9"), 9600), RecentSource(str(tmp_path / "tap.bin")))
        ports, recent, own, simulated = build_sections(Recent(kept))
        (option,) = ports.options
        assert (option.source, option.title, option.about) == (
            "/dev/ttyUSB0",
            "/dev/ttyUSB0",
            "FT232R, FTDI, 0403:6001",
        )
        assert (option.detail, option.mark, option.has_line) == ("usb-FTDI", "in use", True)
        gone, file = recent.options
        assert (gone.title, gone.about, gone.mark, gone.baud) == ("usb-9", "9600 baud", "not here", 9600)
        assert (file.title, file.about, file.mark, file.has_line) == ("tap.bin", str(tmp_path), "", False)
        assert [option.source for option in own.options] == [str(sample.path) for sample in list_samples()]
        assert [option.about for option in simulated.options] == [scenario.about for scenario in SCENARIOS.values()]
        names = [option.source for option in simulated.options]
        assert names == ["demo", *(f"demo:{name}" for name in SCENARIOS if name != DEFAULT)]

    def test_everything_offered_but_ports_opens(self, recent):
        for section in build_sections(Recent())[1:]:
            for option in section.options:
                open_and_keep([option.source], LineOptions(115200), ANY_FILE, recent)

    def test_without_ports_the_hint_says_how_to_get_one(self, monkeypatch):
        monkeypatch.setattr(source_picker, "list_serial_ports", list)
        section = build_sections(Recent())[0]
        assert section.options == ()
        assert "USB-TTL adapter" in section.hint

    def test_ports_that_cannot_be_listed_give_the_reason(self, monkeypatch):
        def fails():
            raise SourceError("the serial ports cannot be listed: no sysfs")

        monkeypatch.setattr(source_picker, "list_serial_ports", fails)
        assert build_sections(Recent())[0].hint == "the serial ports cannot be listed: no sysfs"

    def test_a_sample_is_not_listed_twice(self):
        assert build_sections(Recent((RecentSource(str(CAPTURE)),)))[1].options == ()
