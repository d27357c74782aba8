"""The source that the screen shows: named on the command line or chosen from a list, with its definition and filters.

In: the parsed options and the user's files. Out: a `WatchedSource`. A wrong filter is reported before a port is opened.
A saved session may have been recorded with another definition: if it was chosen from the list, that is the one in use.
"""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

from sniffer.base import platform
from sniffer.base.errors import SnifferError
from sniffer.cli.options.filter_argument import compile_filter_argument
from sniffer.cli.options.trigger_options import parse_exec_rules
from sniffer.cli.setup.session_setup import file_options_of
from sniffer.cli.setup.source_picker import open_and_keep, pick_on_screen, pick_source
from sniffer.config.definition_choice import choose_definition
from sniffer.config.recent import RecentFile
from sniffer.config.settings import SettingsFile
from sniffer.core.protocol.definition import Definition
from sniffer.filter.time_values import Zone
from sniffer.sources.open import LineOptions
from sniffer.sources.source import Source
from sniffer.triggers.alerts import Alerts

if TYPE_CHECKING:
    from sniffer.cli.options.trigger_options import ExecRule


class WatchedSource(Struct, frozen=True):
    """An open source, its definition, the alerts, and the rules of `--exec`.

    `notices` are lines for the user that are still to be shown; an empty one is none.
    """

    source: Source
    definition: Definition
    alerts: Alerts
    rules: "list[ExecRule]"
    notices: list[str]


def open_watched_source(
    parser: argparse.ArgumentParser,
    options: argparse.Namespace,
    settings: SettingsFile,
    recent: RecentFile,
    warn: Callable[[str], None],
) -> WatchedSource | None:
    """Return the source that is named, or that the user chooses; None if the user quits the list of sources.

    `warn` is called with lines for the user while the source is read. Raises `SnifferError` if the source cannot be
    opened, or if there is no terminal for the screen.
    """
    notices = list[str]()
    definition = choose_definition(options.definition, options.sources, notices.append, join=options.join)
    alerts, rules = _compile_filters(parser, options, definition, lambda: source.zone)
    notices += [settings.complaint, recent.complaint]
    if options.sources:
        source, complaint = _open_named(options, definition, settings, recent, warn)
    else:
        chosen = _open_chosen(options, settings, recent, notices)
        if chosen is None:
            return None
        source, complaint, definition = chosen
        alerts, rules = _compile_filters(parser, options, definition, lambda: source.zone)
    if not platform.can_show_screen():
        source.close()
        raise SnifferError("the screen needs a terminal; `evse-sniff dump` prints lines without one")
    return WatchedSource(source, definition, alerts, rules, [*notices, complaint])


def _compile_filters(
    parser: argparse.ArgumentParser, options: argparse.Namespace, definition: Definition, zone: Zone
) -> "tuple[Alerts, list[ExecRule]]":
    """Return the alerts and the rules of `--exec`. A filter that does not compile is wrong usage."""
    filters = [compile_filter_argument(text, definition, zone) for text in options.alert]
    return Alerts(filters, definition), parse_exec_rules(parser, options, definition, zone)


def _open_named(
    options: argparse.Namespace,
    definition: Definition,
    settings: SettingsFile,
    recent: RecentFile,
    warn: Callable[[str], None],
) -> tuple[Source, str]:
    """Return the source that the options name, and why it was not kept as a recent one: see `open_and_keep`."""
    return open_and_keep(
        [platform.reopen_keyboard() if name == "-" else name for name in options.sources],
        LineOptions(_baud_of(options, settings), options.share, definition.links.routes_in_bytes),
        file_options_of(options, definition, warn),
        recent,
    )


def _open_chosen(
    options: argparse.Namespace, settings: SettingsFile, recent: RecentFile, notices: list[str]
) -> tuple[Source, str, Definition] | None:
    """Return the source that the user chooses, why it was not kept, and its definition; None if the user quits.

    The list shows the notices, and those about the definition take their place.
    """
    pick = pick_on_screen(_baud_of(options, settings), settings, recent, notices)
    notices.clear()
    return pick_source(pick, recent, lambda name: choose_definition(options.definition, [name], notices.append))


def _baud_of(options: argparse.Namespace, settings: SettingsFile) -> int | None:
    """Return the rate of a serial line: that of `--baud`, or else of the settings. None if it is to be found."""
    return options.baud if options.has_baud else settings.settings.baud
