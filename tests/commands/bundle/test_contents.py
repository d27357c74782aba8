"""The files of a bundle beside its capture."""

import json
import platform
from collections import Counter
from pathlib import Path

from sniffer._version import __version__
from sniffer.commands.bundle.contents import build_contents
from sniffer.commands.bundle.identifier_kinds import IdentifierKind
from sniffer.commands.bundle.pseudonyms import Pseudonym
from tests.commands.convert.helpers import DEFINITION
from tests.paths import CAPTURES

CAPTURE = CAPTURES / "one-side.pcapng"


def contents_of(*replaced: Pseudonym, changed: int = 0, capture: Path = CAPTURE) -> dict[str, str]:
    counts = Counter({one.original.casefold(): 2 for one in replaced})
    files = build_contents(capture, DEFINITION, replaced, counts, changed)
    return {name: data.decode() for name, data in files}


def test_reports_name_the_capture_of_the_bundle_and_no_path() -> None:
    files = contents_of()
    assert json.loads(files["report.json"])["source"] == "capture.pcapng"
    assert all("one-side" not in text for text in files.values())


def test_versions_are_general() -> None:
    text = contents_of()["versions.txt"]
    assert f"evse-sniff {__version__}\n" in text
    assert platform.python_version() in text
    assert platform.node() not in text


def test_the_readme_names_placeholders_kinds_and_changed_frames() -> None:
    card = Pseudonym("04A1B2C3", "CARD0001", IdentifierKind.CARD)
    text = contents_of(card, changed=1)["README.txt"]
    assert "CARD0001                 card or contract id, 2 places\n" in text
    assert "1 frame with such an identifier, or what was left of one, was encoded anew" in text
    assert "04A1B2C3" not in text
    assert max(map(len, text.splitlines())) <= 100


def test_the_readme_of_a_session_without_identifiers() -> None:
    text = contents_of()["README.txt"]
    assert "nothing was found" in text
    assert "No frame was changed." in text
