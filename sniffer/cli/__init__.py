"""The command line: the only place that joins sources, core and sinks (contract.md, Commands)."""

from sniffer.cli.main import main

__all__ = ["main"]
