"""`simulate`: the simulated charger on a pseudo-terminal."""

from sniffer.cli.options import DEFAULT_BAUD, add_baud, parser_of
from sniffer.cli.output import say


def run(words: list[str]) -> int:
    from sniffer.simulator.scenarios import DEFAULT, SCENARIOS

    scenarios = "\n".join(f"  {name:<14} {scenario.about}" for name, scenario in SCENARIOS.items())
    parser = parser_of(
        "simulate",
        "Put the simulated charger on a pseudo-terminal and print the path to tap.\nIt starts when the path is opened.",
        f"scenarios:\n{scenarios}",
    )
    parser.add_argument(
        "--scenario", choices=SCENARIOS, default=DEFAULT, metavar="NAME", help=f"what happens (default {DEFAULT})"
    )
    add_baud(parser, f"the rate that paces the bytes (default {DEFAULT_BAUD})")
    options = parser.parse_args(words)

    import asyncio

    from sniffer.simulator.pseudo_terminal import simulate

    asyncio.run(simulate(options.scenario, baud=options.baud, announce=say))
    return 0
