"""The import of msgspec: it leaves `typing_extensions` to those who want it, and values work all the same."""

import subprocess
import sys

CODE = """
import sys
from sniffer.cli.light_import import import_msgspec
import_msgspec()
print("msgspec" in sys.modules, {"typing_extensions", "inspect", "dataclasses"} & sys.modules.keys())
import typing_extensions, msgspec
class Value(msgspec.Struct, frozen=True):
    words: typing_extensions.Annotated[list[str], msgspec.Meta(min_length=1)]
    number: int = 0
print(msgspec.json.decode(b'{"words": ["one"]}', type=Value))
"""


def test_msgspec_is_imported_without_what_it_does_not_need() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines() == ["True set()", "Value(words=['one'], number=0)"]


def test_explain_imports_no_module_that_parses_python() -> None:
    code = "import sys\nfrom sniffer.cli import main\nmain(['explain', 'DDDD'])\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    loaded = set(done.stdout.splitlines()[-1].split())
    heavy = {
        "inspect",
        "dataclasses",
        "typing_extensions",
        "json",
        "fractions",
        "crcmod",
        "fastcrc",
        "jiter",
        "difflib",
    }
    assert "msgspec" in loaded
    assert loaded & heavy == set()
