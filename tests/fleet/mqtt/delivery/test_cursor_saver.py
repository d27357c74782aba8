"""Cursors are saved from time to time; one that cannot be saved is tried again."""

import pytest

from sniffer.base.errors import ConfigFileError
from sniffer.fleet.mqtt.delivery.cursor import Cursor
from sniffer.fleet.mqtt.delivery.cursor_saver import SAVE_INTERVAL, CursorSaver


class Folder:
    """A folder of cursors. It keeps what was saved, and refuses the captures in `full`."""

    def __init__(self):
        self.saved = []
        self.full = set()

    def save(self, cursor):
        if cursor.capture in self.full:
            raise ConfigFileError("no space left on device")
        self.saved.append(cursor)


def cursor_of(capture, confirmed):
    return Cursor("mqtt://broker", "b1", capture, 1, confirmed=confirmed)


@pytest.fixture
def folder():
    return Folder()


def test_the_last_cursor_of_each_capture_is_saved_once(folder):
    saver = CursorSaver(folder)
    for cursor in (cursor_of("/a", 1), cursor_of("/b", 1), cursor_of("/a", 2)):
        saver.keep(cursor)
    assert folder.saved == []
    saver.save()
    saver.save()
    assert folder.saved == [cursor_of("/a", 2), cursor_of("/b", 1)]


def test_a_cursor_that_cannot_be_saved_is_tried_again_and_keeps_no_other_from_being_saved(folder):
    saver = CursorSaver(folder)
    saver.keep(cursor_of("/a", 1))
    saver.keep(cursor_of("/b", 1))
    folder.full = {"/a"}
    saver.save()
    assert folder.saved == [cursor_of("/b", 1)]
    folder.full = set()
    saver.save()
    assert folder.saved == [cursor_of("/b", 1), cursor_of("/a", 1)]


def test_a_save_is_due_an_interval_after_the_last_one(folder, monkeypatch):
    now = 1000.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    saver = CursorSaver(folder)
    saver.save()
    assert not saver.is_due
    now += SAVE_INTERVAL
    assert saver.is_due
