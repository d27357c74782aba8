"""`learn`: what saved sessions show that the definition lacks."""

from sniffer.cli.options import DEFAULT_BAUD, add_definition, parser_of
from sniffer.cli.output import say


def run(words: list[str]) -> int:
    parser = parser_of(
        "learn", "Propose what the protocol's definition lacks,\nas a definition file with the evidence."
    )
    parser.add_argument("files", metavar="FILE", nargs="+", help="a saved session")
    add_definition(parser)
    options = parser.parse_args(words)

    import asyncio

    from sniffer.definitions import definition_of
    from sniffer.learn.learner import Learner
    from sniffer.learn.proposals import proposals
    from sniffer.pipeline import Pipeline
    from sniffer.session import Session
    from sniffer.sources.fitting import rate_of_reads
    from sniffer.sources.opening import open_source

    definition = definition_of(options.definition)
    sources = [open_source(name, baud=DEFAULT_BAUD) for name in options.files]
    learner = Learner(definition)
    try:
        for source in sources:
            learner.begin(source.name)
            asyncio.run(Session(source, Pipeline(definition, baud=rate_of_reads(source)), [learner]).run())
    finally:
        # What was read of a file that ends too early counts as well, and a tap ends with Ctrl-C.
        say(proposals(learner.learnt(), definition))
    return 0
