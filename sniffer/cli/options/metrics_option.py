"""The option `--metrics`, by which Prometheus can read the figures of a session."""

import argparse
from collections.abc import Callable

from sniffer.base.type_checking import TYPE_CHECKING
from sniffer.cli.output import print_prefixed

if TYPE_CHECKING:
    from sniffer.core.protocol.definition import Definition
    from sniffer.fleet.metrics.server import MetricsServer
    from sniffer.sources.source import Source

LOOPBACK = "127.0.0.1"

HIGHEST_PORT = 65535


def add_metrics(parser: argparse.ArgumentParser) -> None:
    """Add `--metrics`; its value is a host and a port, None without it."""
    parser.add_argument(
        "--metrics",
        type=parse_address,
        metavar="[HOST:]PORT",
        help="let Prometheus read the figures of the session at this address, such as 127.0.0.1:9464; without HOST, "
        "only this machine can read them",
    )


def parse_address(text: str) -> tuple[str, int]:
    """Return a host and a port: `127.0.0.1:9464`, `[::1]:9464`, or a port of this machine alone."""
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]") if host.startswith("[") else host
    if not (port.isascii() and port.isdigit() and int(port) <= HIGHEST_PORT) or (":" in host and text[0] != "["):
        raise argparse.ArgumentTypeError(f"{text} is not an address: write one such as 127.0.0.1:9464")
    return host or LOOPBACK, int(port)


def build_metrics(
    parser: argparse.ArgumentParser,
    options: argparse.Namespace,
    source: "Source",
    definition: "Definition",
    report: Callable[[str], None] | None = None,
) -> "list[MetricsServer]":
    """Return the observer that offers the metrics of a session; none without `--metrics`.

    A saved session is wrong usage. `report` is called with a line if the metrics fail; without it, the line goes to
    standard error. Raises `OutputError`, and closes the source, if they cannot be offered.
    """
    if options.metrics is None:
        return []
    if not (source.is_live or options.follow):
        source.close()
        parser.error(f"--metrics: {source.name} is a saved session: leave it out, or read on with --follow")
    from sniffer.base.errors import OutputError

    try:
        from sniffer.fleet.metrics.server import MetricsServer

        host, port = options.metrics
        return [MetricsServer(host, port, definition, report or print_prefixed)]
    except ImportError as error:
        source.close()
        raise OutputError("--metrics needs prometheus-client: `pip install 'evse-sniff[fleet]'`") from error
    except OutputError:
        source.close()
        raise
