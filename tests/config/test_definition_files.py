"""Definition files: laid over the packaged definition in order; whatever is no text file is refused in one line."""

import os
from pathlib import Path

import pytest

from sniffer.base.errors import DefinitionError
from sniffer.config.definition_files import load_definition
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
    with pytest.raises(DefinitionError, match="this is a directory, not a definition file"):
        load_definition([str(tmp_path)])


def test_a_device_is_never_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    main, port = os.openpty()
    monkeypatch.setattr(Path, "read_bytes", lambda _path: pytest.fail("the device was opened"))
    with pytest.raises(DefinitionError, match="this is a device, not a definition file"):
        load_definition([os.ttyname(port)])
    os.close(main)
    os.close(port)


def test_a_name_that_no_file_can_have_is_refused() -> None:
    with pytest.raises(DefinitionError, match="cannot be read: embedded null"):
        load_definition(["a\0b"])
