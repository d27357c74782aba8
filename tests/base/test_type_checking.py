"""The start of the program without `typing`."""

import subprocess
import sys

from sniffer.base.type_checking import TYPE_CHECKING


def test_it_is_false_when_the_program_runs() -> None:
    assert TYPE_CHECKING is False


def test_the_modules_of_every_start_do_without_typing() -> None:
    code = "import sys; sys.modules.pop('typing', 0); import sniffer.cli.sessions.watch; print('typing' in sys.modules)"
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "False\n", done.stderr
