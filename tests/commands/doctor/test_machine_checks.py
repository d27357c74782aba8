"""The checks of the machine, each with and without what it looks for."""

import locale
import os
import shutil
import sys
from collections import namedtuple

import pytest
from crcmod import crcmod
from crcmod.predefined import mkPredefinedCrcFun

from sniffer.base import platform
from sniffer.base.native import describe_form
from sniffer.commands.doctor import machine_checks as checks
from sniffer.commands.doctor.check_result import Verdict, ok
from sniffer.sources.serial import udev_rules
from tests.commands.doctor.helpers import require

Usage = namedtuple("Usage", "total used free")


def install(machine, *names):
    for name in names:
        shutil.copy(udev_rules.find_shipped_rules() / name, machine.rules)


def test_versions_are_reported():
    text = checks.check_versions().text
    assert "evse-sniff " in text
    assert f"({describe_form()})" in text
    assert f"Python {sys.version_info.major}.{sys.version_info.minor}" in text
    assert "textual " in text


@pytest.mark.parametrize(("in_c", "verdict", "text"), [(True, Verdict.OK, "in C: "), (False, Verdict.NOTE, "not in C")])
def test_the_checksum_in_c_is_fine_and_the_slow_one_is_noted(in_c, verdict, text, monkeypatch):
    monkeypatch.setattr("sniffer.core.wire.crc.crc16", mkPredefinedCrcFun("modbus"))
    monkeypatch.setattr(crcmod, "_usingExtension", in_c)
    found = checks.check_checksum()
    assert (found.verdict, text in found.text, " ns for a frame of 20 bytes" in found.text) == (verdict, True, True)


def test_the_checksum_of_the_extra_speed_is_named():
    pytest.importorskip("fastcrc")
    found = checks.check_checksum()
    assert (found.verdict, "by fastcrc: " in found.text) == (Verdict.OK, True)


def test_settings_that_cannot_be_used_are_noted(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert checks.check_settings() is None
    path = tmp_path / "evse-sniff" / "settings.toml"
    path.parent.mkdir()
    path.write_text("baud = 9600\n")
    assert checks.check_settings() == ok("settings", str(path))
    path.write_text("baud = 'fast'\n")
    found = require(checks.check_settings())
    assert (found.verdict, found.text) == (Verdict.NOTE, f'{path}: baud must be a rate such as 9600, or "auto"')
    path.write_text("baud = [")
    assert "not valid TOML" in require(checks.check_settings()).text


def test_rules_that_are_not_installed_are_noted_with_how_to(machine):
    found = require(checks.check_access_rules())
    assert (found.verdict, found.text) == (Verdict.NOTE, "not installed")
    assert f"sudo cp {udev_rules.find_shipped_rules()}/*.rules {machine.rules}/" in found.advice


def test_rules_that_are_installed_are_fine_and_other_ones_noted(machine):
    install(machine, udev_rules.ACCESS)
    assert require(checks.check_access_rules()).verdict is Verdict.OK
    with (machine.rules / udev_rules.ACCESS).open("a") as file:
        file.write("# mine\n")
    assert "of another version" in require(checks.check_access_rules()).text


def test_modem_manager_is_noted_while_the_rules_do_not_keep_it_off(machine):
    assert require(checks.check_modem_manager()).text == "does not run"
    machine.run(9, "ModemManager")
    assert require(checks.check_modem_manager()).verdict is Verdict.NOTE
    install(machine, udev_rules.ACCESS)
    assert require(checks.check_modem_manager()).verdict is Verdict.OK


def test_brltty_is_noted_where_it_runs_or_would_be_started(machine):
    assert require(checks.check_brltty()).text == "does not run"
    (machine.rules / "85-brltty.rules").touch()
    assert "is started when" in require(checks.check_brltty()).text
    install(machine, udev_rules.BRLTTY)
    assert require(checks.check_brltty()).verdict is Verdict.OK
    machine.run(9, "brltty")
    assert "systemctl mask --now brltty.service" in require(checks.check_brltty()).advice


@pytest.mark.parametrize("check", [checks.check_access_rules, checks.check_modem_manager, checks.check_brltty])
def test_checks_for_linux_do_not_apply_elsewhere(check, monkeypatch):
    monkeypatch.setattr(platform, "IS_LINUX", False)
    assert check() is None


@pytest.fixture
def screen(monkeypatch):
    """Set a terminal of 120 x 40, as the environment of a test may change it."""
    monkeypatch.setattr(checks, "has_terminal", lambda: True)
    monkeypatch.setattr(os, "get_terminal_size", lambda: os.terminal_size((120, 40)))
    monkeypatch.setattr(locale, "getencoding", lambda: "UTF-8")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("COLORTERM", raising=False)
    return monkeypatch


def test_a_good_terminal_is_fine(screen):
    found = checks.check_terminal()
    assert (found.verdict, found.text) == (Verdict.OK, "xterm-256color, 120 x 40, 256 colours, UTF-8")


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("COLORTERM", "truecolor", "16 million colours"),
        ("NO_COLOR", "1", "no colours"),
        ("TERM", "xterm", "16 colours"),
    ],
)
def test_colours_follow_the_environment(screen, name, value, text):
    screen.setenv(name, value)
    assert text in checks.check_terminal().text


@pytest.mark.parametrize("kind", ["dumb", ""])
def test_a_terminal_that_cannot_place_text_is_wrong(screen, kind):
    screen.setenv("TERM", kind)
    assert checks.check_terminal().verdict is Verdict.WRONG


def test_a_small_terminal_or_one_without_utf8_is_noted(screen):
    screen.setattr(os, "get_terminal_size", lambda: os.terminal_size((79, 40)))
    assert checks.check_terminal().advice == "make it larger: the screen needs 80 x 24"
    screen.setattr(locale, "getencoding", lambda: "ISO-8859-1")
    assert "LANG=C.UTF-8" in checks.check_terminal().advice


def test_no_terminal_is_noted(monkeypatch):
    monkeypatch.setattr(checks, "has_terminal", lambda: False)
    assert checks.check_terminal().verdict is Verdict.NOTE


def test_the_folder_of_recordings_is_fine_before_it_is_made(monkeypatch, tmp_path):
    monkeypatch.setattr(checks, "default_folder", lambda: tmp_path / "not" / "yet")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(0, 0, 5_000_000_000))
    assert checks.check_recordings().text == f"{tmp_path / 'not' / 'yet'}, 5.0 GB free"
    assert not (tmp_path / "not").exists()


def test_a_folder_of_recordings_that_may_not_be_written_is_noted(monkeypatch, tmp_path):
    monkeypatch.setattr(checks, "default_folder", lambda: tmp_path / "recordings")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    found = checks.check_recordings()
    assert (found.verdict, found.text) == (Verdict.NOTE, f"{tmp_path / 'recordings'} cannot be written")


def test_a_full_disk_and_a_file_in_place_of_the_folder_are_noted(monkeypatch, tmp_path):
    monkeypatch.setattr(checks, "default_folder", lambda: tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(0, 0, 5_000))
    assert "make room" in checks.check_recordings().advice
    (tmp_path / "file").touch()
    monkeypatch.setattr(checks, "default_folder", lambda: tmp_path / "file" / "recordings")
    assert "cannot be written" in checks.check_recordings().text
