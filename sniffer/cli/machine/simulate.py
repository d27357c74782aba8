"""`simulate`: run the simulated charger on a pseudo-terminal."""

from sniffer.cli.options.parser import build_parser
from sniffer.cli.options.source_options import add_baud
from sniffer.cli.output import print_line
from sniffer.core.line.usual_rates import ASSUMED_BAUD


def run(words: list[str]) -> int:
    """Run the simulated charger until it is interrupted. Returns 0."""
    from sniffer.simulator.scenarios import DEFAULT, SCENARIOS

    scenarios = "\n".join(f"  {name:<14} {scenario.about}" for name, scenario in SCENARIOS.items())
    parser = build_parser(
        "simulate",
        "Run the simulated charger on a pseudo-terminal, and print the path to tap.\n"
        "It starts when the path is opened.",
        f"scenarios:\n{scenarios}",
    )
    parser.add_argument(
        "--scenario", choices=SCENARIOS, default=DEFAULT, metavar="NAME", help=f"what happens (default {DEFAULT})"
    )
    add_baud(parser, f"baud rate at which the bytes are sent (default {ASSUMED_BAUD})")
    options = parser.parse_args(words)

    import asyncio

    from sniffer.simulator.pseudo_terminal import simulate

    asyncio.run(simulate(options.scenario, baud=options.baud, announce=print_line))
    return 0
