"""`completion`: print the script by which a shell completes the words of the command line."""

from sniffer.cli.options.parser import build_parser
from sniffer.cli.output import print_line

EPILOG = """\
to install it:
  evse-sniff completion bash > ~/.local/share/bash-completion/completions/evse-sniff
  evse-sniff completion zsh > ~/.zfunc/_evse-sniff
  evse-sniff completion fish > ~/.config/fish/completions/evse-sniff.fish

zsh finds it with `fpath+=~/.zfunc` before compinit. After an update, print the script again.

for one session of the shell:
  eval "$(evse-sniff completion bash)"
  eval "$(evse-sniff completion zsh)"
  evse-sniff completion fish | source"""

SHELLS = ("bash", "zsh", "fish")


def run(words: list[str]) -> int:
    """Print the script. Returns 0."""
    parser = build_parser(
        "completion",
        "Print a script for a shell: it completes commands, options, ports, sessions, filters.",
        EPILOG,
    )
    parser.add_argument("shell", metavar="SHELL", choices=SHELLS, help=f"one of {', '.join(SHELLS)}")
    options = parser.parse_args(words)

    from sniffer.cli.shell.completion_scripts import format_script

    print_line(format_script(options.shell).rstrip("\n"))
    return 0
