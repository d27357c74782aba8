"""The outbox: what earlier runs left comes first, then the files of this run, and what is gone is reported."""

from pathlib import Path

from sniffer.base.errors import ConfigFileError
from sniffer.fleet.mqtt.delivery.cursor import Cursor
from sniffer.fleet.mqtt.delivery.outbox import OpenSession, RecordingOutbox, SavedOutbox
from tests.fleet.mqtt.helpers import CAPTURE, DEFINITION, GivenItems, cursors_of
from tests.recording.helpers import Disk


def captures_of(outbox):
    found = []
    while (session := outbox.next()) is not None:
        found.append(Path(session.cursor.capture).name)
    return found


def test_what_is_left_comes_before_the_files_of_this_run(tmp_path):
    cursors, reports = cursors_of(tmp_path / "cursors"), list[str]()
    for began, capture in enumerate((CAPTURE, tmp_path / "gone.pcapng", tmp_path / "never begun.pcapng")):
        cursors.save(Cursor(cursors.to, "b1", str(capture), began, "s" if began < 2 else "", 7 if began < 2 else 0))
    outbox = RecordingOutbox(cursors, DEFINITION, reports.append)
    disk = Disk(tmp_path / "new.pcapng")
    disk.limit = 1
    watched = outbox.wrap(disk)
    assert not outbox.has_ended
    first, second = watched.new_file(), watched.new_file()
    assert [one.capture for one in cursors.list_unfinished()][-1] == str(second.path)
    assert captures_of(outbox) == [CAPTURE.name, "new.pcapng", second.path.name]
    assert reports == [
        f"{tmp_path / 'gone.pcapng'}: the recording is gone: what it held after record 7 was never published"
    ]
    gone = cursors.find(str(tmp_path / "gone.pcapng"))
    assert gone
    assert (gone.is_complete, gone.lost) == (True, "the recording is gone")
    assert not outbox.has_ended
    watched.end()
    assert outbox.has_ended
    for file in (first, second):
        file.close()


def test_a_damaged_cursor_is_reported_once(tmp_path):
    cursors, reports = cursors_of(tmp_path), list[str]()
    cursors.save(Cursor(cursors.to, "b1", "/a", 1))
    (file,) = tmp_path.glob("*.json")
    file.write_text("{")
    for _ in range(2):
        assert RecordingOutbox(cursors, DEFINITION, reports.append).next() is None
    assert len(reports) == 1
    assert "this cursor is damaged" in reports[0]


def test_a_cursor_that_finds_no_room_is_kept_later(tmp_path, monkeypatch):
    cursors = cursors_of(tmp_path / "cursors")
    outbox = RecordingOutbox(cursors, DEFINITION, lambda _: None)
    with monkeypatch.context() as full:
        full.setattr(cursors, "save", _refuse)
        watched = outbox.wrap(Disk(tmp_path / "a"))
        file = watched.new_file()
        outbox.save_new_cursors()
    assert cursors.list_unfinished() == []
    outbox.save_new_cursors()
    assert [one.capture for one in cursors.list_unfinished()] == [str(file.path)]
    file.close()


def test_a_file_of_this_run_is_sent_from_its_beginning_whatever_had_its_name_before(tmp_path):
    cursors = cursors_of(tmp_path / "cursors")
    cursors.save(Cursor(cursors.to, "b1", str(tmp_path / "a"), 1, "old", 99, is_complete=True))
    outbox = RecordingOutbox(cursors, DEFINITION, lambda _: None)
    file = outbox.wrap(Disk(tmp_path / "a")).new_file()
    session = outbox.next()
    assert session
    assert (session.cursor.session, session.cursor.confirmed, session.cursor.is_complete) == ("", 0, False)
    file.close()


def test_a_saved_session_is_given_once():
    session = OpenSession(Cursor("x", "b1", "/a", 1), GivenItems(()))
    outbox = SavedOutbox(session)
    assert not outbox.has_ended
    outbox.save_new_cursors()
    assert outbox.next() is session
    assert outbox.next() is None
    assert outbox.has_ended


def _refuse(_cursor):
    raise ConfigFileError("no room")
