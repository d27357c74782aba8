"""The command line: the only place that joins sources, core and sinks."""

from sniffer.cli.main import main

__all__ = ["main"]
