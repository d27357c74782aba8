"""Scripts that complete the words of the command line in a shell, made by shtab from the parsers of the commands.

In: a shell. Out: its script. A source is completed by ports, saved sessions and scenarios, a filter by the fields of
the definition, and a file by its name. Ports and files are looked for by the shell itself, so that a key press does not
wait for Python.
"""

import argparse
from collections.abc import Mapping
from typing import Any

from sniffer.cli.shell.parser_tree import build_tree, iterate_arguments, list_subparsers, parsers_by_name
from sniffer.config.documentation import topics
from sniffer.core.line.usual_rates import USUAL_RATES
from sniffer.core.protocol.loader import list_boards, packaged_definition
from sniffer.filter.vocabulary import Vocabulary
from sniffer.simulator.demo_name import DEMO
from sniffer.simulator.scenarios import SCENARIOS

PORTS = ("/dev/ttyUSB*", "/dev/ttyACM*", "/dev/evse-*", "/dev/serial/by-id/*", "/dev/cu.usb*")
"""The patterns of the ports of adapters."""

ENDINGS = ("pcapng", "pcap", "log", "txt", "jsonl", "json", "bin", "zip", "tar", "tgz")
"""The endings of saved sessions; each may be packed."""

RATES = ("auto", *map(str, USUAL_RATES))

Completer = dict[str, Any]
"""The text that shtab puts into the script of each shell, by the name of the shell."""

_DEMOS = (DEMO, *(f"{DEMO}:{name}" for name in SCENARIOS))

_BASH = """
_evse_sniff_ports() {
  local port
  for port in PORTS; do
    [ -e "$port" ] && compgen -W "$port" -- "$1"
  done
}
_evse_sniff_sessions_file() {
  local ending
  for ending in ENDINGS; do
    compgen -f -X "!*.$ending" -- "$1"
    compgen -f -X "!*.$ending.gz" -- "$1"
    compgen -f -X "!*.$ending.zst" -- "$1"
    compgen -f -X "!*.$ending.xz" -- "$1"
    compgen -f -X "!*.$ending.bz2" -- "$1"
  done
  compgen -d -- "$1"
}
_evse_sniff_source_file() {
  local before="${COMP_WORDS[COMP_CWORD-1]}" before2=""
  [ "$COMP_CWORD" -gt 1 ] && before2="${COMP_WORDS[COMP_CWORD-2]}"
  # bash takes the colon of demo:SCENARIO for the end of a word.
  if [[ "$1" == ":" && "$before" == "demo" ]]; then
    compgen -W "SCENARIOS"
  elif [[ "$before" == ":" && "$before2" == "demo" ]]; then
    compgen -W "SCENARIOS" -- "$1"
  else
    _evse_sniff_ports "$1"
    compgen -W "demo" -- "$1"
    _evse_sniff_sessions_file "$1"
  fi
}
_evse_sniff_definition_file() {
  compgen -W "BOARDS" -- "$1"
  compgen -f -X '!*.toml' -- "$1"
  compgen -d -- "$1"
}
_evse_sniff_filter() {
  compgen -W "FIELDS" -- "$1"
}
_evse_sniff_rates() {
  compgen -W "RATES" -- "$1"
}
_evse_sniff_topics() {
  compgen -W "TOPICS" -- "$1"
}
_shtab_evse_sniff_pos_0_COMPGEN=_evse_sniff_source_file
_shtab_evse_sniff_pos_1_COMPGEN=_evse_sniff_source_file
_shtab_evse_sniff_pos_1_nargs="*"
"""

_ZSH = """
_evse_sniff_ports() {
  local -a ports
  ports=(PORTS_NULL)
  (( $#ports )) && compadd -a ports
}
_evse_sniff_sessions() {
  _files -g '*.(ENDINGS)(|.gz|.zst|.xz|.bz2)(-.)'
}
_evse_sniff_sources() {
  local -a demos
  demos=(DEMOS)
  _alternative 'ports:port:_evse_sniff_ports' 'demos:simulated charger:compadd -a demos' \\
    'sessions:saved session:_evse_sniff_sessions'
}
_evse_sniff_definition() {
  local -a boards
  boards=(BOARDS)
  _alternative 'boards:known board:compadd -a boards' 'files:definition file:_files -g "*.toml(-.)"'
}
_evse_sniff_filter() {
  local -a fields
  fields=(FIELDS)
  compadd -a fields
}
functions[_evse_sniff_command_names]=$functions[_shtab_evse_sniff_commands]
_shtab_evse_sniff_commands() {
  _evse_sniff_command_names
  _evse_sniff_sources
}
"""

_FISH = """
function _evse_sniff_ports
  for port in PORTS
    test -e $port; and echo $port
  end
end
function _evse_sniff_sessions
  for name in (__fish_complete_path (commandline -ct))
    string match -qr '(/|\\\\.(ENDINGS)(\\\\.gz|\\\\.zst|\\\\.xz|\\\\.bz2)?)(\\\\t.*)?$' -- $name; and echo $name
  end
end
function _evse_sniff_sources
  _evse_sniff_ports
  printf '%s\\\\n' DEMOS
  _evse_sniff_sessions
end
function _evse_sniff_definition
  printf '%s\\\\n' BOARDS
  for name in (__fish_complete_path (commandline -ct))
    string match -qr '(/|\\\\.toml)(\\\\t.*)?$' -- $name; and echo $name
  end
end
"""
_FISH_END = "complete -c evse-sniff -n '_shtab_evse_sniff_using' -ka '(_evse_sniff_sources)'\n"
"""The text behind the completions of shtab, which begin by removing all others."""


def format_script(shell: str) -> str:
    """Return the completion script of a shell, one of `SHELLS`."""
    import shtab

    commands = parsers_by_name()
    root = build_tree(commands)
    words = _build_words()
    completers = _build_completers(words)
    below = (one for parser in commands.values() for one in list_subparsers(parser))
    for parser in (root, *commands.values(), *below):
        for action in iterate_arguments(parser):
            if completer := completers.get(_find_completer(action)):
                action.complete = completer  # type: ignore[attr-defined]  # shtab looks for it.
    preamble = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}[shell]
    for name, text in words[shell].items():
        preamble = preamble.replace(name, text)
    script = str(shtab.complete(root, shell, preamble=preamble))
    if shell == "zsh":
        # A script that is read by `source` registers the function too; only one that was found in fpath calls it.
        script = script.replace("$zsh_eval_context[-1] == eval ", "$zsh_eval_context[-1] == (eval|file) ")
        # An argument that may be given several times is completed each time, and does not end the others.
        return script.replace('"(*):', '"*:')
    return script + _FISH_END if shell == "fish" else script


def _find_completer(action: argparse.Action) -> str:
    """Return the name of the completer of an argument; empty if nothing is known to complete it with."""
    if action.dest in ("output", "path"):
        return "new file"
    if action.dest in ("definition", "baud"):
        return action.dest
    # An option with several values, such as --exec EXPR COMMAND, begins with a filter.
    metavar = action.metavar[0] if isinstance(action.metavar, tuple) else action.metavar
    return _BY_METAVAR.get(str(metavar), "")


_BY_METAVAR = {
    "SOURCE": "source",
    "FILE": "session",
    "GOOD": "session",
    "CAPTURE": "session",
    "IN": "session",
    "PORT": "port",
    "EXPR": "filter",
    "TOPIC": "topic",
}


def _build_completers(words: Mapping[str, Mapping[str, str]]) -> dict[str, Completer]:
    """Return the completers by their names."""
    fish = words["fish"]
    return {
        "source": _build_completer("_evse_sniff_source_file", "_evse_sniff_sources", "(_evse_sniff_sources)"),
        "session": _build_completer("_evse_sniff_sessions_file", "_evse_sniff_sessions", "(_evse_sniff_sessions)"),
        "port": _build_completer("_evse_sniff_ports", "_evse_sniff_ports", "(_evse_sniff_ports)"),
        "definition": _build_completer(
            "_evse_sniff_definition_file", "_evse_sniff_definition", "(_evse_sniff_definition)"
        ),
        "new file": _build_completer("_shtab_compgen_files", "_files", "(__fish_complete_path (commandline -ct))"),
        "filter": _build_completer("_evse_sniff_filter", "_evse_sniff_filter", fish["FIELDS"]),
        "baud": _build_completer("_evse_sniff_rates", f"({' '.join(RATES)})", " ".join(RATES)),
        "topic": _build_completer("_evse_sniff_topics", f"({fish['TOPICS']})", fish["TOPICS"]),
    }


def _build_completer(bash: str, zsh: str, fish: str) -> Completer:
    return {"bash": bash, "zsh": zsh, "fish": fish}


def _build_words() -> dict[str, dict[str, str]]:
    """Return the replacements of the names in capitals in the functions of each shell."""
    fields = sorted(Vocabulary(packaged_definition(), lambda: None).names)
    common = {
        "SCENARIOS": " ".join(SCENARIOS),
        "ENDINGS": "|".join(ENDINGS),
        "FIELDS": " ".join(fields),
        "RATES": " ".join(RATES),
        "BOARDS": " ".join(list_boards()),
        "TOPICS": " ".join(topic.name for topic in topics()),
        "DEMOS": " ".join(_DEMOS),
    }
    return {
        "bash": {"PORTS": " ".join(PORTS), **common, "ENDINGS": " ".join(ENDINGS)},
        # A pattern that matches nothing is left out (N).
        "zsh": {"PORTS_NULL": " ".join(f"{port}(N)" for port in PORTS), **common},
        "fish": {"PORTS": " ".join(PORTS), **common},
    }
