"""The result of learning as a definition file of proposals: TOML with the evidence in its comments.

The file is valid, and loads as a user's definition even if it proposes nothing. Everything that it proposes is
`assumed`. What it restates keeps its own provenance: an entry of a command replaces the command as a whole.
"""

from collections.abc import Iterator
from pathlib import PurePath

from sniffer.base.phrasing import format_count, format_times
from sniffer.commands.learn.command_proposals import format_command_blocks
from sniffer.commands.learn.error_proposals import format_error_blocks
from sniffer.commands.learn.learner import LearningResult, SourceCounts
from sniffer.commands.learn.payload_stats import MOST_LAYOUTS
from sniffer.core.protocol.definition import Definition
from sniffer.formats.proposal_toml import format_block


def format_proposals(result: LearningResult, definition: Definition) -> str:
    """Return the text of the file with the proposals: a header, the entries, and remarks."""
    blocks = [
        format_block(_format_header(result.counts)),
        *format_error_blocks(result.codes, definition),
        *format_command_blocks(result.layouts, definition),
    ]
    if result.unnamed or result.counts.skipped:
        blocks.append(format_block(_format_remarks(result)))
    return "\n".join(blocks)


def _format_header(counts: SourceCounts) -> Iterator[str]:
    """Yield the first lines of the file: what it holds, how it is tried, and what was read."""
    yield "Proposals for a protocol definition, not facts: check each before relying on it."
    yield "They are marked as assumed wherever they are shown. To try them:"
    yield "  evse-sniff --definition proposals.toml SOURCE"
    yield ""
    names = ", ".join(PurePath(name).name for name in counts.sources)
    yield f"Read: {format_count(len(counts.sources), 'source')} ({names});"
    parts = (
        (counts.frames, "frame"),
        (counts.noise, "piece of noise"),
        (counts.lines, "other line"),
        (counts.boots, "boot"),
    )
    yield f"  {', '.join(format_count(count, thing) for count, thing in parts)}"


def _format_remarks(result: LearningResult) -> Iterator[str]:
    if result.unnamed:
        yield "Numbers for which the definition has no name; none is proposed:"
    for (label, number), count in sorted(result.unnamed.items()):
        yield f"  {label} {number}: {format_times(count)}"
    if result.counts.skipped:
        frames = format_count(result.counts.skipped, "frame")
        yield f"{frames} of further kinds were not examined: {MOST_LAYOUTS} kinds are kept apart."
