"""Definition files: laid over the packaged definition in order; whatever is no text file is refused in one line."""

import os
from pathlib import Path

import pytest

from sniffer.base.errors import DefinitionError
from sniffer.config.definition_files import list_unasked, load_definition
from sniffer.core.protocol.loader import packaged_definition


def test_without_files_it_is_the_packaged_definition() -> None:
    assert load_definition([]) is packaged_definition()


def test_an_empty_file_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(b"\xef\xbb\xbf")
    assert load_definition([str(path)]).commands == packaged_definition().commands


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no such definition file"),
        (b"\xff\xfe", "not text in UTF-8, as a definition file is: save it as UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "a.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DefinitionError) as caught:
        load_definition([str(path)])
    assert str(caught.value) == f"{path}: {message}"


def test_a_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="this is a directory: name a definition file in it"):
        load_definition([str(tmp_path)])


def test_a_device_is_never_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    main, port = os.openpty()
    monkeypatch.setattr(Path, "read_bytes", lambda _path: pytest.fail("the device was opened"))
    with pytest.raises(DefinitionError, match="this is a device: name a definition file"):
        load_definition([os.ttyname(port)])
    os.close(main)
    os.close(port)


def test_a_name_that_no_file_can_have_is_refused() -> None:
    with pytest.raises(DefinitionError, match="cannot be read: embedded null"):
        load_definition(["a\0b"])


def test_a_board_is_named_without_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("tuya").write_text('title = "mine"\n', "utf-8")
    assert load_definition(["tuya"]).links.framed == {"tuya"}
    assert load_definition(["./tuya"]).links.framed == {"pwrboard", "dbus"}


def test_the_facts_of_a_board_keep_their_provenance() -> None:
    definition = load_definition(["modbus"])
    assert definition.command("read coils").provenance == "documented"
    assert {field.provenance for field in definition.command("read coils").fields} == {"documented"}


def test_a_file_is_laid_over_a_board_wherever_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "meter.toml"
    path.write_text(
        """
        link = "modbus"
        [[command]]
        direction = "slave>master"
        code = 0x04
        name = "meter"
        answers = true
        summary = "{voltage}"
        fields = [{ name = "size", size = 1 }, { name = "voltage", size = 2, divisor = 10, unit = "V" }]
        """,
        "utf-8",
    )
    for words in (["modbus", str(path)], [str(path), "modbus"]):
        definition = load_definition(words)
        assert definition.command("meter").provenance == "user"
        assert definition.links.framed == {"modbus"}


def test_a_name_that_is_nearly_a_board_is_suggested(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DefinitionError, match="no such definition file, and no known board: did you mean modbus"):
        load_definition(["modbuss"])


LINK = """
[[link]]
name = "pack"
heads = { "host>bms" = "A5", "bms>host" = "5A" }
sizes = [{ size = 5 }]
command = { at = 1 }
payload = 2
check = { name = "sum" }
"""


def write_command(direction: str, code: int, name: str, answers: str = "") -> str:
    lines = [f'direction = "{direction}"', f"code = {code}", f'name = "{name}"', 'summary = ""', "fields = []", answers]
    return "\n".join(["[[command]]", *lines, ""])


@pytest.mark.parametrize(
    ("answers", "lines"),
    [
        ("", []),
        ("answers = true", []),
        ("answers = 0x40", []),
        ("answers = [0x40, 0x41]", []),
        ("answers = [0x42, 0x41]", ["pack: state answers 0x42 or 0x41, which no command of another direction has"]),
        ("answers = 0x05", ["pack: state answers 0x05, which no command of another direction has"]),
    ],
)
def test_an_answer_to_a_code_that_nobody_sends_is_named(tmp_path: Path, answers: str, lines: list[str]) -> None:
    path = tmp_path / "a.toml"
    path.write_text(LINK + write_command("host>bms", 0x40, "ask") + write_command("bms>host", 5, "state", answers))
    assert [*list_unasked(load_definition([str(path)]))] == lines


def test_the_boards_answer_what_is_asked() -> None:
    assert [*list_unasked(load_definition(["ant", "jbd", "jbd-up", "jk", "modbus", "tuya"]))] == []
