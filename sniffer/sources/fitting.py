"""The core that fits a source: what dates its bytes, and whether several taps have to be put in order."""

from sniffer.pipeline import Pipeline
from sniffer.protocol.definition import Definition
from sniffer.sources.capture import CaptureSource
from sniffer.sources.source import Source
from sniffer.sources.taps import Taps


def rate_of_reads(source: Source) -> int | None:
    """The rate that dates the bytes of a read; the packets of a capture have the time of their first byte already."""
    return None if isinstance(source, CaptureSource) else source.baud


def pipeline_for(source: Source, definition: Definition) -> Pipeline:
    """The core of a session of this source."""
    return Pipeline(definition, baud=rate_of_reads(source), merging=isinstance(source, Taps))
