"""Open the named source, or let the user choose one until one opens, and remember it as a recent source.

In: a SOURCE of the command line, or the initial baud rate. Out: an open source. When a chosen source cannot be opened,
the picker stays and shows the reason. The sections of the picker are built here, from ports, files and scenarios.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from sniffer.base.errors import SourceError
from sniffer.config.recent import Recent, RecentFile, RecentSource
from sniffer.config.samples import list_samples
from sniffer.config.settings import SettingsFile
from sniffer.core.protocol.definition import Definition
from sniffer.simulator.demo_name import name_demo
from sniffer.simulator.scenarios import SCENARIOS
from sniffer.sources.file_options import FileOptions
from sniffer.sources.open import LineOptions, is_demo, open_sources
from sniffer.sources.serial.adapter import BY_ID, find_stable_name
from sniffer.sources.serial.discovery import Port, list_serial_ports
from sniffer.sources.source import Source
from sniffer.tui.base_app import Preferences
from sniffer.tui.screens.picker_model import AUTO, Section, SourceChoice, SourceOption

NO_PORT = "none found: plug in a 3.3 V USB-TTL adapter, RX and GND only, and it appears here"

Pick = Callable[[str], SourceChoice | None]
"""A function that lets the user choose a source. It takes the error of the last choice, empty if there is none, and
returns None if the user quits."""


def pick_on_screen(baud: int | None, settings: SettingsFile, recent: RecentFile, notices: Sequence[str]) -> Pick:
    """Return a function that shows the picker on the terminal. The notices are shown the first time only.

    It raises `SystemExit` if the picker fails.
    """
    # A session that needs no picker does not wait for it to be loaded.
    from sniffer.tui.screens.picker import PickerApp

    pending = list(notices)

    def pick(error: str) -> SourceChoice | None:
        preferences = Preferences(settings.settings, settings.save, notices=tuple(pending))
        pending.clear()
        app = PickerApp(partial(build_sections, recent.recent), baud, error, preferences)
        choice = app.run()
        if app.return_code:
            raise SystemExit(app.return_code)
        return choice

    return pick


def pick_source(
    pick: Pick, recent: RecentFile, load: Callable[[str], Definition]
) -> tuple[Source, str, Definition] | None:
    """Return the first chosen source that opens, why it could not be saved as a recent source, and its definition.

    The reason is empty if it was saved. `load` returns the definition of a source, by its name. Returns None if the
    user quits the picker.
    """
    error = ""
    while (choice := pick(error)) is not None:
        try:
            definition = load(choice.source)
            line_options = LineOptions(choice.baud, routes=definition.links.routes_in_bytes)
            opened = open_and_keep([choice.source], line_options, FileOptions(definition=definition), recent)
            return *opened, definition
        except SourceError as failure:
            error = str(failure)
    return None


def open_and_keep(
    names: Sequence[str], line_options: LineOptions, file_options: FileOptions, recent: RecentFile
) -> tuple[Source, str]:
    """Return the open source of these names; a single port or file is kept as a recent source.

    The second value says why it could not be kept; it is empty otherwise. Raises `SourceError` if it cannot be opened.
    """
    source = open_sources(names, line_options=line_options, file_options=file_options)
    name, *others = names
    if others or file_options.join or is_demo(name) or not os.path.exists(name) or name.startswith("/dev/fd/"):
        return source, ""
    is_line = bool(source.taps)
    path = os.path.abspath(name)
    if is_line:
        return source, recent.add_source(RecentSource(find_stable_name(path) or path, line_options.baud or AUTO))
    return source, recent.add_source(RecentSource(path, source.baud))


def build_sections(recent: Recent) -> list[Section]:
    """Return all sources that can be chosen now, by section."""
    own = list_samples()
    samples = {str(sample.path) for sample in own}
    return [
        _build_ports_section(),
        Section(
            "Recent", tuple(_build_recent_option(source) for source in recent.sources if source.name not in samples)
        ),
        Section("Samples", tuple(SourceOption(str(sample.path), sample.path.name, sample.about) for sample in own)),
        Section("Simulated charger", tuple(_list_scenario_options())),
    ]


def _build_ports_section() -> Section:
    try:
        ports, hint = list_serial_ports(), NO_PORT
    except SourceError as error:
        ports, hint = [], str(error)
    return Section("Serial ports", tuple(map(_build_port_option, ports)), hint)


def _build_port_option(port: Port) -> SourceOption:
    known = f"known by {port.known_by}" if port.known_by else ""
    about = ", ".join(part for part in (port.product, port.manufacturer, port.usb_ids, known) if part)
    return SourceOption(port.device, port.device, about, Path(port.link).name, port.trouble, has_line=True)


def _build_recent_option(source: RecentSource) -> SourceOption:
    """Return the choice of a source that was used before, marked if it is not there now."""
    mark = "" if os.path.exists(source.name) else "not here"
    path = Path(source.name)
    if source.baud is not None:
        title = path.name if path.parent == BY_ID else source.name
        about = "baud rate found by trying" if source.baud == AUTO else f"{source.baud} baud"
        return SourceOption(source.name, title, about, mark=mark, has_line=True, baud=source.baud)
    return SourceOption(source.name, path.name, str(path.parent), mark=mark)


def _list_scenario_options() -> Iterator[SourceOption]:
    for name, scenario in SCENARIOS.items():
        source = name_demo(name)
        yield SourceOption(source, source, scenario.about)
