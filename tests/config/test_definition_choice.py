"""The definition of a session: a capture says in one line that it was recorded with another one."""

from pathlib import Path

import pytest

from sniffer.base.errors import DefinitionError, SourceError
from sniffer.config.definition_choice import choose_definition, choose_definition_of
from sniffer.config.definition_files import load_definition
from sniffer.core.protocol.loader import packaged_definition
from sniffer.core.wire.items import Tap
from sniffer.formats.jsonl.definition_line import format_definition_lines
from sniffer.formats.pcapng.writer import CaptureWriter
from sniffer.sources.stored.recorded_definitions import read_recorded

FRAME_OF_TUYA = '{"type": "frame", "time": null, "link": "tuya", "raw": "55aa00000000ff"}\n'


class CaptureFolder:
    """A folder with captures and a user's file; `lines` are the notices."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.own = folder / "my.toml"
        self.own.write_text("")
        self.lines: list[str] = []

    def record(self, name: str, *words: str) -> str:
        """Write a capture that was recorded with these words of `--definition`."""
        path = self.folder / name
        path.write_bytes(CaptureWriter("port", origins=load_definition(words).origins).encode_header())
        return str(path)

    def choose(self, words: list[str], *names: str) -> set[str]:
        """Return the links that frames are looked for on, and keep the notices."""
        definition = choose_definition(words, names, self.lines.append)
        return {*definition.links.framed}


@pytest.fixture
def captures(tmp_path: Path) -> CaptureFolder:
    return CaptureFolder(tmp_path)


def test_a_capture_that_names_none_is_read_as_before(captures: CaptureFolder) -> None:
    names = [captures.record("a.pcapng"), "demo"]
    assert choose_definition([], names, captures.lines.append) is packaged_definition()
    assert captures.lines == []


def test_a_known_board_is_used_at_once(captures: CaptureFolder) -> None:
    name = captures.record("a.pcapng", "modbus", "jk")
    assert captures.choose([], name) == {"modbus", "jk"}
    assert captures.lines == [
        f"evse-sniff: {name} was recorded with --definition modbus --definition jk, which is used here"
    ]


def test_a_capture_whose_bytes_are_framed_again_is_reported(captures: CaptureFolder) -> None:
    path = Path(captures.record("a.pcapng"))
    writer = CaptureWriter("port")
    path.write_bytes(writer.encode_header() + writer.encode_tap(Tap(1, "port")))
    assert captures.choose(["modbus"], str(path)) == {"modbus"}
    (line,) = captures.lines
    assert "was recorded without this definition: its bytes are framed again" in line
    assert captures.choose([str(captures.own)], str(path)) == {"pwrboard", "dbus"}
    assert len(captures.lines) == 1


def test_a_board_is_not_used_for_a_file_that_does_not_name_it(captures: CaptureFolder) -> None:
    name, other, log = captures.record("a.pcapng", "modbus"), captures.record("b.pcapng"), captures.folder / "c.log"
    log.write_text("[1] text")
    for beside in (other, str(log)):
        assert captures.choose([], name, beside) == {"pwrboard", "dbus"}
        assert captures.lines.pop().endswith("give --definition modbus")
        assert captures.lines == []


def test_nothing_is_reported_of_the_definition_that_is_given(captures: CaptureFolder) -> None:
    name = captures.record("a.pcapng", "modbus", str(captures.own))
    assert captures.choose(["modbus", str(captures.own), "tuya"], name) == {"modbus", "tuya"}
    assert captures.lines == []


def test_a_file_of_the_user_is_to_be_given(captures: CaptureFolder) -> None:
    name = captures.record("a.pcapng", "modbus", str(captures.own))
    assert captures.choose([], name) == {"pwrboard", "dbus"}
    (line,) = captures.lines
    assert "was recorded with the definition modbus and my.toml (sha256 e3b0c44298fc1c14)" in line
    assert line.endswith("its frames may be noise: give --definition modbus --definition my.toml")
    assert str(captures.folder) not in line.replace(name, "")


def test_another_state_of_a_file_is_reported(captures: CaptureFolder) -> None:
    name = captures.record("a.pcapng", str(captures.own))
    captures.own.write_text("# changed")
    captures.choose([str(captures.own)], name)
    (line,) = captures.lines
    assert "was recorded with another state of the definition my.toml (sha256 e3b0c44298fc1c14)" in line


def test_another_board_than_the_given_one_is_reported(captures: CaptureFolder) -> None:
    name = captures.record("a.pcapng", "modbus")
    assert captures.choose(["tuya"], name) == {"tuya"}
    assert [line.rpartition(": ")[2] for line in captures.lines] == ["give --definition modbus"]


def test_a_board_that_is_not_known_here_is_reported(captures: CaptureFolder) -> None:
    name = captures.record("a.pcapng", "modbus")
    path = Path(name)
    path.write_bytes(path.read_bytes().replace(b"modbus", b"future"))
    assert captures.choose([], name) == {"pwrboard", "dbus"}
    assert "give --definition future" in captures.lines[0]


def test_a_copy_still_names_what_the_capture_was_recorded_with(captures: CaptureFolder) -> None:
    name = captures.record("a.pcapng", str(captures.own))
    definition = choose_definition(["tuya"], [name], captures.lines.append)
    assert [origin.name for origin in definition.origins] == ["tuya", "my.toml"]


def test_a_name_from_a_capture_is_made_safe(captures: CaptureFolder) -> None:
    name = captures.record("a.pcapng", str(captures.own))
    path = Path(name)
    path.write_bytes(path.read_bytes().replace(b"my.toml", b"m\x1b.toml"))
    captures.choose([], name)
    assert "\\x1b.toml" in captures.lines[0]
    assert captures.lines[0].isprintable()


def test_a_wrong_definition_is_refused_as_ever(captures: CaptureFolder) -> None:
    with pytest.raises(DefinitionError, match="no such definition file"):
        choose_definition([str(captures.folder / "missing.toml")], [], captures.lines.append)


def test_a_capture_of_many_that_lacks_a_definition_is_refused(captures: CaptureFolder) -> None:
    recorded = read_recorded(Path(captures.record("a.pcapng", str(captures.own))))
    with pytest.raises(SourceError, match=r"recorded with the definition my\.toml \(sha256 .*\): give --definition my"):
        choose_definition_of([], recorded, load_definition)
    captures.own.write_text("# another state")
    assert choose_definition_of([str(captures.own)], recorded, load_definition).origins[0].name == "my.toml"


def test_json_lines_of_a_known_board_need_no_definition(captures: CaptureFolder) -> None:
    path = captures.folder / "a.jsonl"
    path.write_text("\n".join([*format_definition_lines(load_definition(["tuya"])), FRAME_OF_TUYA]))
    assert captures.choose([], str(path)) == {"tuya"}
    assert captures.lines == [f"evse-sniff: {path} was recorded with --definition tuya, which is used here"]


def test_json_lines_that_name_no_definition_show_which_is_needed(captures: CaptureFolder) -> None:
    path = captures.folder / "a.jsonl"
    path.write_text(FRAME_OF_TUYA)
    assert captures.choose([], str(path)) == {"pwrboard", "dbus"}
    assert captures.lines == [
        f"evse-sniff: {path} has frames of the link tuya and names no definition: without it, they may be noise: "
        "give --definition tuya"
    ]
    captures.lines.clear()
    assert captures.choose(["tuya"], str(path)) == {"tuya"}
    assert captures.lines == []
    path.write_text(FRAME_OF_TUYA.replace('"tuya"', '"my\\u001b"'))
    captures.choose([], str(path))
    assert captures.lines[0].endswith("give --definition FILE")
    assert captures.lines[0].isprintable()
