"""The dialog of our interface in Wireshark: ports to choose from, an address, the rate, a definition.

In: the serial ports, and the rate of the user's settings. Out: sentences (extcap(4)). Wireshark passes what was chosen
as options of these names when a capture begins. No port is opened. Texts from an adapter are made safe.
"""

from collections.abc import Iterator, Sequence

from sniffer.base.errors import SourceError
from sniffer.base.sanitize import printable
from sniffer.commands.wireshark.extcap_interface import AUTO, NOTHING, format_sentence, is_plain
from sniffer.simulator.scenarios import SCENARIOS
from sniffer.sources.serial.discovery import Port, list_serial_ports

_NO_PORT = "no serial port here: plug an adapter in and search again"
_SEARCH = "Search again"
_PORT, _SECOND, _ADDRESS, _BAUD, _DEFINITION = range(5)


def list_arguments(baud: int | None) -> Iterator[str]:
    """Yield the answer to `--extcap-config`. `baud` is the initial rate; None finds it."""
    choice = {"type": "selector", "reload": "true", "placeholder": _SEARCH}
    yield _format_argument(_PORT, "port", "Port", "The adapter on the UART, RX and GND only", **choice, required="true")
    yield _format_argument(
        _SECOND, "second-port", "Second port", "A second adapter, on the other wire of the same charger", **choice
    )
    yield _format_argument(
        _ADDRESS,
        "address",
        "Or an address",
        "A tap on another machine, or a port that is not in the list; it is used instead of the ports",
        type="string",
        placeholder="socket://host:port",
    )
    yield _format_argument(
        _BAUD, "baud", "Baud rate", "A number, or auto to find it", type="string", default=baud or AUTO
    )
    yield _format_argument(
        _DEFINITION,
        "definition",
        "Definition",
        "What is added to the protocol; the dissector takes it from wireshark --install --definition FILE",
        type="fileselect",
        mustexist="true",
    )
    yield from list_values("port")
    yield from list_values("second-port")


def list_values(argument: str) -> Iterator[str]:
    """Yield the choices of this argument: the answer to `--extcap-reload-option`. It is empty if there are none."""
    try:
        ports, missing = list_serial_ports(), _NO_PORT
    except SourceError as error:
        ports, missing = [], str(error)
    # Such a name cannot be written in a sentence, and no system gives one.
    usable = [port for port in ports if is_plain(_name_of(port))]
    if argument == "port":
        yield from _list_ports(_PORT, usable, _find_first(usable))
        if not usable:
            yield _format_value(_PORT, NOTHING, missing, is_default=True)
        for scenario in SCENARIOS:
            yield _format_value(_PORT, f"demo:{scenario}", f"simulated charger: {scenario}")
    elif argument == "second-port":
        yield _format_value(_SECOND, NOTHING, "none: one adapter only", is_default=True)
        yield from _list_ports(_SECOND, usable, None)


def _list_ports(number: int, ports: Sequence[Port], default: Port | None) -> Iterator[str]:
    for port in ports:
        about = ", ".join(part for part in (port.product, port.manufacturer, port.usb_ids, port.trouble) if part)
        shown = printable(f"{port.device}: {about}" if about else port.device)
        yield _format_value(number, _name_of(port), shown, is_default=port is default)


def _name_of(port: Port) -> str:
    """Return the name under which Wireshark remembers a port: one that stays when it is plugged in again."""
    return port.link or port.device


def _find_first(ports: Sequence[Port]) -> Port | None:
    """Return the first port that can be opened, else the first; None if there is no port."""
    return next((port for port in ports if not port.trouble), ports[0] if ports else None)


def _format_argument(number: int, name: str, display: str, tooltip: str, **values: str | int) -> str:
    return format_sentence("arg", number=number, call=f"--{name}", display=display, tooltip=tooltip, **values)


def _format_value(number: int, value: str, display: str, *, is_default: bool = False) -> str:
    default = {"default": "true"} if is_default else {}
    return format_sentence("value", arg=number, value=value, display=display, **default)
