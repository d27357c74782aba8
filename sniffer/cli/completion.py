"""`completion`: print the script by which a shell completes the words of the command line."""

from sniffer.cli.options.parser import build_parser
from sniffer.cli.output import print_line

EPILOG = """\
bash:  evse-sniff completion bash > ~/.local/share/bash-completion/completions/evse-sniff
zsh:   evse-sniff completion zsh > ~/.zfunc/_evse-sniff, with `fpath+=~/.zfunc` before compinit
fish:  evse-sniff completion fish > ~/.config/fish/completions/evse-sniff.fish
For one session: eval "$(evse-sniff completion bash)", the same for zsh, and
evse-sniff completion fish | source. Print the script again after an update."""

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
