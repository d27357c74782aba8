"""`bundle`: pack a session to send on, without what identifies a charger or a person."""

import argparse
import sys
from typing import TYPE_CHECKING

from sniffer.base.errors import OutputError
from sniffer.cli.notices import add_verbosity
from sniffer.cli.options.parser import build_parser
from sniffer.cli.options.source_options import add_file_options, add_reading_group
from sniffer.cli.output import print_escaped, print_notice
from sniffer.cli.setup.session_setup import file_options_of

if TYPE_CHECKING:
    from pathlib import Path

    from sniffer.commands.bundle.bundle import Bundle

EPILOG = """\
Charge point ids, card ids, serial numbers, SIM numbers, user names, passwords and addresses (IP,
MAC, URL, host) are replaced, each by the same placeholder wherever it stands: in frames, which
get a new CRC, in lines of a log, in OCPP messages and in notes. The list is shown first. Nothing
is sent anywhere: the file is yours to send."""

ENDING = ".zip"


def run(words: list[str]) -> int:
    """Make the bundle, show what was replaced, and write it once that is approved. Returns 1 if it is not."""
    parser = _build_parser()
    options = parser.parse_args(words)

    from pathlib import Path
    from tempfile import TemporaryDirectory

    from sniffer.commands.bundle.bundle import make_bundle
    from sniffer.config.definition_choice import choose_definition

    path = Path(options.output)
    _check_options(parser, options, path)
    if not options.yes and not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
        raise OutputError("a terminal is needed to approve what is replaced: `--yes` writes the bundle without asking")
    definition = choose_definition(
        options.definition,
        options.files,
        lambda text: None if options.quiet else print_notice(text),
        join=options.join,
    )
    with TemporaryDirectory(prefix="evse-sniff-") as folder:
        bundle = make_bundle(
            options.files, Path(folder), definition, options.also, file_options_of(options, definition)
        )
        # What is to be approved is always shown.
        for line in _format_preview(", ".join(options.files), bundle) if not (options.quiet and options.yes) else []:
            print_escaped(line)
        if not options.yes and not _is_approved(path):
            print_notice("nothing was written")
            return 1
        bundle.write(path)
    if not options.quiet:
        print_escaped(f"wrote {path} ({path.stat().st_size:,} bytes)")
    return 0


def _check_options(parser: argparse.ArgumentParser, options: argparse.Namespace, path: "Path") -> None:
    """End the program with exit status 2 if the options do not fit together. `path` is the new file."""
    from sniffer.commands.bundle.pseudonyms import is_found_anywhere

    for text in options.also:
        if not is_found_anywhere(text):
            parser.error(f"--also {text}: too short to be distinguished from other text: name more of it")
    if len(options.files) > 1 and not options.join:
        parser.error(f"{len(options.files)} files: --join reads them as one session")
    if path.suffix.lower() != ENDING:
        parser.error(f"-o {path}: a bundle is a zip file: name it {path.with_suffix(ENDING)}")


def _build_parser() -> argparse.ArgumentParser:
    parser = build_parser(
        "bundle", "Pack a saved session, its report and the versions into one file to send on.", EPILOG
    )
    parser.add_argument("files", metavar="FILE", nargs="+", help="a saved session; several with --join")
    parser.add_argument("-o", "--output", metavar="NEW", required=True, help="the new file, whose name ends in .zip")
    parser.add_argument("--yes", action="store_true", help="write it without asking")
    parser.add_argument(
        "--also",
        metavar="TEXT",
        action="append",
        default=[],
        help="replace this text as well, such as the name of a customer; may be given several times",
    )
    add_file_options(add_reading_group(parser))
    add_verbosity(parser, has_more=False)
    return parser


def _format_preview(name: str, bundle: "Bundle") -> list[str]:
    """Return the content of the bundle and the replacements in it, as lines."""
    from sniffer.base.phrasing import format_count, format_times

    contents = f"{format_count(bundle.records, 'record')}, {format_count(bundle.frames, 'frame')}"
    lines = [f"{name}: {contents}; {format_count(bundle.changed, 'frame')} encoded anew, with a new CRC"]
    if bundle.incomplete:
        lines.append(f"not all could be read: {bundle.incomplete}")
    if not bundle.replaced:
        lines.append("nothing that identifies a charger or a person was found")
    else:
        rows = [
            (one.kind, one.original, one.placeholder, format_times(bundle.counts[one.original.casefold()]))
            for one in bundle.replaced
        ]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        lines.append("replaced:")
        lines += [
            f"  {kind:<{widths[0]}}  {original:<{widths[1]}}  by {placeholder:<{widths[2]}}  {times}"
            for kind, original, placeholder, times in rows
        ]
    if bundle.notes:
        lines.append(f"notes of yours in it: {bundle.notes:,}: read what they say")
    lines.append("names that nothing marks as such stay: `--also TEXT` replaces one")
    return lines


def _is_approved(path: "Path") -> bool:
    """Return True if the user answers yes."""
    from sniffer.base.sanitize import printable

    print(f"write {printable(str(path))}? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().casefold() in ("y", "yes")
