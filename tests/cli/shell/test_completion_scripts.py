"""Completion in real shells: what each offers for the beginning of a line."""

import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from sniffer.cli.main import COMMANDS
from sniffer.cli.shell.completion import SHELLS
from sniffer.cli.shell.completion_scripts import format_script
from tests.paths import ROOT
from tests.tools import need

script = cache(format_script)

BASH = """
source {script}
cd {folder}
COMP_LINE={line!r}; COMP_POINT=${{#COMP_LINE}}
# The words as readline cuts them, at spaces and colons.
COMP_WORDS=({words}); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))
_shtab_evse_sniff
printf '%s\\n' "${{COMPREPLY[@]}}"
"""

ZSH = """
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "PS1='%% '; fpath+={folder}; autoload -Uz compinit; compinit -u -D; cd {folder}; stty -echo cols 400"
zpty -w z "bindkey '^I' complete-word; setopt no_beep no_auto_menu no_list_ambiguous; LISTMAX=999; print READY"
zpty -r -m z text '*READY*'
sleep 0.5
zpty -w -n z "{line}"$'\\t'
for i in {{1..20}}; do
  sleep 0.1
  while zpty -r -t z chunk; do print -rn -- "$chunk"; done
done
zpty -d z
"""


def complete_in_bash(line: str, folder: Path) -> str:
    words = line.replace(":", " : ").split(" ")
    quoted = " ".join(f"'{word}'" for word in words if word) + (" ''" if line.endswith(" ") else "")
    text = BASH.format(script=folder / "evse-sniff.bash", folder=folder, line=line, words=quoted)
    return subprocess.run([need("bash"), "-c", text], capture_output=True, text=True, check=True, timeout=60).stdout


def complete_in_zsh(line: str, folder: Path) -> str:
    (folder / "_evse-sniff").write_text(script("zsh"))
    text = ZSH.format(folder=folder, line=line)
    done = subprocess.run([need("zsh"), "-f", "-c", text], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout


def complete_in_fish(line: str, folder: Path) -> str:
    text = f"source {folder}/evse-sniff.fish; cd {folder}; complete -C '{line}'"
    done = subprocess.run([need("fish"), "-N", "-c", text], capture_output=True, text=True, check=True, timeout=60)
    # A candidate is followed by its description.
    return "\n".join(line.partition("\t")[0] for line in done.stdout.splitlines())


COMPLETERS: dict[str, Callable[[str, Path], str]] = {
    "bash": complete_in_bash,
    "zsh": complete_in_zsh,
    "fish": complete_in_fish,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the scripts, a capture, a packed log, a definition and files of other kinds."""
    for shell in SHELLS:
        (tmp_path / f"evse-sniff.{shell}").write_text(script(shell))
    for name in ("night.pcapng", "night.log.xz", "night.pdf", "mine.toml"):
        (tmp_path / name).touch()
    return tmp_path


CASES = [
    ("evse-sniff re", ["record", "report"], ["dump"]),
    ("evse-sniff night", ["night.pcapng", "night.log.xz"], ["night.pdf"]),
    ("evse-sniff dem", ["demo"], []),
    ("evse-sniff dump night", ["night.pcapng", "night.log.xz"], ["night.pdf"]),
    ("evse-sniff report night.", ["night.pcapng", "night.log.xz"], ["night.pdf"]),
    ("evse-sniff dump demo:", ["undervoltage", "noisy"], ["night"]),
    ("evse-sniff dump --filter l", ["l1_voltage", "link"], ["status"]),
    ("evse-sniff record --unti", ["--until"], []),
    ("evse-sniff dump --definition mi", ["mine.toml"], ["night"]),
    ("evse-sniff dump --definition mod", ["modbus"], ["night"]),
    ("evse-sniff dump --baud 96", ["9600"], []),
    ("evse-sniff simulate --scenario un", ["undervoltage"], ["charging"]),
    ("evse-sniff help be", ["bench"], ["filter"]),
    ("evse-sniff completion f", ["fish"], ["bash"]),
]


@pytest.mark.slow
@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(("line", "offered", "others"), CASES, ids=[line for line, _, _ in CASES])
def test_a_shell_offers_what_fits(shell: str, line: str, offered: list[str], others: list[str], folder: Path) -> None:
    need(shell)
    shown = COMPLETERS[shell](line, folder)
    assert [word for word in offered if word not in shown] == []
    # zsh shows the line itself as well, which names the folder's file in none of the cases.
    assert [word for word in others if word in shown.replace(line, "")] == []


@pytest.mark.parametrize("shell", SHELLS)
def test_the_shell_finds_no_error_in_its_script(shell: str, folder: Path) -> None:
    subprocess.run([need(shell), "-n", str(folder / f"evse-sniff.{shell}")], check=True)


@pytest.mark.parametrize("shell", SHELLS)
def test_every_command_is_in_the_script_and_no_path_of_this_machine(shell: str) -> None:
    text = script(shell)
    assert [name for name in COMMANDS if name not in text] == []
    assert str(ROOT) not in text


def test_ports_are_looked_for_when_the_key_is_pressed() -> None:
    assert all("/dev/ttyUSB*" in script(shell) for shell in SHELLS)
    text = script("bash").replace("/dev/ttyUSB*", "/dev/nul[l]") + "\n_evse_sniff_ports /dev/n"
    assert subprocess.run([need("bash"), "-c", text], capture_output=True, text=True).stdout == "/dev/null\n"


@pytest.mark.parametrize("line", ["source {0}", "source <(cat {0})", 'eval "$(cat {0})"'])
def test_zsh_may_read_its_script_in_any_way(line: str, folder: Path) -> None:
    text = f"autoload -U compinit; compinit -u -D; {line.format(folder / 'evse-sniff.zsh')}; print $_comps[evse-sniff]"
    done = subprocess.run([need("zsh"), "-f", "-c", text], capture_output=True, text=True, check=True, timeout=60)
    assert (done.stdout, done.stderr) == ("_shtab_evse_sniff\n", "")
