"""`learn`: propose entries that the definition lacks, from saved sessions."""

from sniffer.cli.options import DEFAULT_BAUD, add_definition, build_parser
from sniffer.cli.output import print_line


def run(words: list[str]) -> int:
    """Read the sessions, and print the proposals. Returns 0."""
    parser = build_parser(
        "learn",
        "Propose entries that the protocol definition lacks,\nas a definition file with the evidence in comments.",
    )
    parser.add_argument("files", metavar="FILE", nargs="+", help="a saved session")
    add_definition(parser)
    options = parser.parse_args(words)

    import asyncio

    from sniffer.commands.learn.learner import Learner
    from sniffer.commands.learn.proposal_file import format_proposals
    from sniffer.config.definition_files import load_definition
    from sniffer.core.pipeline import Pipeline
    from sniffer.session import Session
    from sniffer.sources.open import baud_of_reads, open_source

    definition = load_definition(options.definition)
    sources = [open_source(name, baud=DEFAULT_BAUD) for name in options.files]
    learner = Learner(definition)
    try:
        for source in sources:
            learner.begin(source.name)
            asyncio.run(Session(source, Pipeline(definition, baud=baud_of_reads(source)), [learner]).run())
    finally:
        # A file that ends too early counts up to its end, and a live source ends with Ctrl-C.
        print_line(format_proposals(learner.result(), definition))
    return 0
