"""`help`: print the documentation, which is part of the package, as a bench often has no internet."""

import os
import sys

from sniffer.base.suggest import format_suggestion
from sniffer.cli.options.parser import build_parser
from sniffer.cli.output import print_line
from sniffer.config.documentation import HelpTopic, find_topic, topics


def run(words: list[str]) -> int:
    """Print a topic of the documentation, or the list of topics. Returns 0."""
    parser = build_parser("help", "Print a topic of the documentation; without one, the list of topics.")
    parser.add_argument("topic", metavar="TOPIC", nargs="?", help="the name of the topic")
    parser.add_argument("--man", action="store_true", help="print the man page: evse-sniff help --man | man -l -")
    options = parser.parse_args(words)

    if options.man:
        if options.topic is not None:
            parser.error("--man prints the page of the whole program: leave out TOPIC")
        print_line(_build_man_page())
        return 0
    if options.topic is None:
        print_line(_format_topics(topics()))
        return 0
    topic = find_topic(options.topic)
    if topic is None:
        suggestion = (
            format_suggestion(options.topic, (one.name for one in topics())) or ": `evse-sniff help` lists them"
        )
        parser.error(f"there is no topic {options.topic}{suggestion}")
    if sys.stdout.isatty():
        _show_paged(topic.text)
    else:
        print_line(topic.text.rstrip("\n"))
    return 0


def _build_man_page() -> str:
    """Return the man page, dated today."""
    from datetime import date

    from sniffer._version import __version__
    from sniffer.cli.shell.man_page import format_man_page
    from sniffer.cli.shell.parser_tree import SCREEN, parser_of, parsers_by_name

    return format_man_page(parser_of(SCREEN), parsers_by_name(), __version__, date.today().isoformat()).rstrip("\n")


def _format_topics(found: list[HelpTopic]) -> str:
    """Return the topics as a table, with how to read one."""
    width = max(len(topic.name) for topic in found)
    lines = [f"  {topic.name:{width}}  {topic.about}" for topic in found]
    return "\n".join(
        ["Topics:", "", *lines, "", "Read one with `evse-sniff help TOPIC`; the commands with `evse-sniff --help`."]
    )


def _show_paged(text: str) -> None:
    """Show Markdown on the terminal, a page at a time."""
    from rich.console import Console
    from rich.markdown import Markdown

    # `less` would show the styles as control characters otherwise, and would page a text that fits the screen.
    os.environ.setdefault("LESS", "-RFX")
    console = Console()
    with console.pager(styles=True):
        console.print(Markdown(text))
