"""Cursors: kept in files of their own, listed in order, and safe against damage and a second program."""

import pytest

from sniffer.base.errors import ConfigFileError, PublishError
from sniffer.fleet.mqtt.delivery import cursor as cursor_module
from sniffer.fleet.mqtt.delivery.cursor import Cursor
from tests.fleet.mqtt.helpers import cursors_of


def cursor_at(folder, capture, began, **values):
    return Cursor(folder.to, folder.bench, capture, began, **values)


def test_a_cursor_is_found_again_and_only_for_its_own_broker(tmp_path):
    folder = cursors_of(tmp_path / "new")
    assert folder.find("/a") is None
    kept = cursor_at(folder, "/a", 1, session="s1", confirmed=7)
    folder.save(kept)
    folder.save(kept)
    assert cursors_of(tmp_path / "new").find("/a") == kept
    assert folder.find("/b") is None
    assert cursors_of(tmp_path / "new", "mqtt://other:1883/x").find("/a") is None


def test_recordings_that_are_not_complete_are_listed_the_oldest_first(tmp_path):
    folder = cursors_of(tmp_path)
    for capture, began, values in (
        ("/late", 3, {}),
        ("/early", 1, {}),
        ("/done", 2, {"is_complete": True}),
        ("/named", 2, {"is_saved": True}),
    ):
        folder.save(cursor_at(folder, capture, began, **values))
    assert [one.capture for one in folder.list_unfinished()] == ["/early", "/late"]


def test_old_complete_ones_are_deleted(tmp_path, monkeypatch):
    monkeypatch.setattr(cursor_module, "KEPT_COMPLETE", 2)
    folder = cursors_of(tmp_path)
    for began in range(4):
        folder.save(cursor_at(folder, f"/{began}", began, is_complete=True))
    assert folder.list_unfinished() == []
    assert [bool(folder.find(f"/{began}")) for began in range(4)] == [False, False, True, True]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"to": 1}', '{"x": 1}'])
def test_a_damaged_one_is_as_none(tmp_path, text):
    folder = cursors_of(tmp_path)
    folder.save(cursor_at(folder, "/a", 1))
    (file,) = tmp_path.glob("*.json")
    file.write_text(text)
    assert folder.find("/a") is None
    assert folder.list_unfinished() == []
    assert folder.set_damaged_aside() == [file.with_suffix(".damaged")]
    assert folder.set_damaged_aside() == []
    assert file.with_suffix(".damaged").read_text() == text


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    folder = cursors_of(tmp_path / "file")
    with pytest.raises(ConfigFileError):
        folder.save(cursor_at(folder, "/a", 1))
    with pytest.raises(PublishError, match=r"cursors cannot be kept: .*: let this user write there"):
        folder.lock()


def test_one_program_publishes_as_a_bench(tmp_path):
    first, second = cursors_of(tmp_path), cursors_of(tmp_path)
    first.lock()
    with pytest.raises(PublishError, match="publishes as bench b1: give this one another name by --bench"):
        second.lock()
    first.release()
    second.lock()
    second.release()
