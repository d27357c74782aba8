"""Nothing is imported that Windows or macOS lack: given a system without these modules, every module still loads."""

import os
import re
import subprocess
import sys
from pathlib import Path
from socket import gethostname

import pytest

import sniffer
from sniffer.base import platform

LOAD_ALL = """
import asyncio, importlib, os, pathlib, pkgutil, subprocess, sys, tempfile, shutil, socket, webbrowser
import aiohttp, concurrent.futures.process, ctypes
import serial, serial_asyncio, serial.tools.list_ports, serial.rfc2217, textual.app, textual.widgets, platformdirs, lark
import sniffer
os.name, sys.platform = {name!r}, {platform!r}
# Python 3.13 has the classes in a module of its own.
pathlib.WindowsPath = sys.modules.get("pathlib._local", pathlib).WindowsPath = pathlib.PosixPath
for name in {missing!r}:
    sys.modules[name] = None
for module in pkgutil.walk_packages(sniffer.__path__, "sniffer."):
    if module.name != "sniffer.__main__":
        importlib.import_module(module.name)
print("all loaded")
"""


def load_all(name: str, platform: str, *missing: str) -> str:
    words = [sys.executable, "-c", LOAD_ALL.format(name=name, platform=platform, missing=missing)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120)
    return done.stdout + done.stderr


def test_windows_has_all_that_is_imported() -> None:
    assert load_all("nt", "win32", "fcntl", "termios", "grp", "pwd", "pty", "tty", "resource") == "all loaded\n"


def test_macos_has_all_that_is_imported() -> None:
    assert load_all("posix", "darwin") == "all loaded\n"


def test_one_module_knows_which_system_it_is_on() -> None:
    asks = re.compile(r"os\.name\b|sys\.platform|platform\.system|import (grp|pwd|msvcrt|winreg)\b")
    modules = Path(sniffer.__file__).parent.rglob("*.py")
    assert [module.name for module in modules if asks.search(module.read_text())] == ["platform.py"]


def test_the_system_is_named_by_its_own_words() -> None:
    assert sys.platform.startswith("linux") == platform.IS_LINUX
    assert (sys.platform == "win32") == platform.IS_WINDOWS
    assert (os.name == "posix") == platform.IS_POSIX


def test_a_description_of_the_system_does_not_name_the_machine() -> None:
    description = platform.describe_system()
    assert re.fullmatch(r"\w+ [\w.]+, \w+", description)
    assert gethostname() not in description.split()


@pytest.mark.skipif(not platform.IS_POSIX, reason="Windows has no such groups")
def test_a_file_system_that_confirms_nothing_is_none_that_failed() -> None:
    reading, writing = os.pipe()
    platform.sync_file(writing)
    os.close(reading)
    os.close(writing)
    with pytest.raises(OSError, match="Bad file"):
        platform.sync_file(writing)


def test_a_group_is_found_by_its_number() -> None:
    grp = pytest.importorskip("grp")
    for group in grp.getgrall():
        assert platform.find_group_name(group.gr_gid) == grp.getgrgid(group.gr_gid).gr_name
    assert platform.find_group_name(-5) == ""
