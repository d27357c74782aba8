"""From a file, or a member of an archive, to the source that reads its format.

In: a file. Out: a `SavedSource` that is not yet read. Each format is imported when it is needed.
"""

from sniffer.base.compression import ReadableFile, read_chunks
from sniffer.sources.detect import SessionFormat, detect_format, is_prose
from sniffer.sources.file_options import DEFAULT, FileOptions
from sniffer.sources.saved_file import SavedSource


def open_file(file: ReadableFile, options: FileOptions = DEFAULT) -> SavedSource:
    """Return the source of a saved session. Raises `SourceError` if the file is not one."""
    head = read_head(file)
    found = detect_format(file, head)
    if found is SessionFormat.CAPTURE:
        from sniffer.sources.capture_file import check_capture

        check_capture(file, head, options)
    if found is SessionFormat.TEXT_LOG or (found is SessionFormat.RAW and is_prose(file, head)):
        from sniffer.sources.text_log_file import open_text

        return open_text(file)
    return create_source(file, found, options)


def read_head(file: ReadableFile) -> bytes:
    """Return the first unpacked bytes of a file; empty if it has none. Raises `SourceError` if it cannot be read."""
    return next(read_chunks(file), b"")


def create_source(file: ReadableFile, found: SessionFormat, options: FileOptions = DEFAULT) -> SavedSource:
    """Return the source of a file in this format. Nothing is read."""
    if found is SessionFormat.CAPTURE:
        from sniffer.sources.capture_file import CaptureSource

        return CaptureSource(file, options)
    if found is SessionFormat.JSON_LINES:
        from sniffer.sources.jsonl_file import JsonLinesSource

        return JsonLinesSource(file)
    if found is SessionFormat.TEXT_LOG:
        from sniffer.sources.text_log_file import TextLogSource

        return TextLogSource(file)
    from sniffer.sources.raw_file import RawSource

    return RawSource(file)
