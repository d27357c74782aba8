"""The samples are found in a checkout and in an installed package, and every listed one exists."""

import tomllib

from sniffer.config.samples import list_samples
from tests.paths import ROOT

INDEX = '"monday.log" = "a quiet day"\n'


def test_in_a_checkout_they_stand_beside_the_package():
    found = list_samples()
    assert "undervoltage.log" in [sample.path.name for sample in found]
    for sample in found:
        assert sample.path.is_file()
        assert sample.about.isprintable()


def test_in_an_installed_package_they_stand_inside_of_it(tmp_path):
    for folder in (tmp_path / "sniffer" / "captures", tmp_path / "captures"):
        folder.mkdir(parents=True)
        (folder / "samples.toml").write_text(INDEX)
    (found,) = list_samples(tmp_path / "sniffer")
    assert found.path == tmp_path / "sniffer" / "captures" / "monday.log"
    assert found.about == "a quiet day"


def test_a_package_without_samples_has_none(tmp_path):
    assert list_samples(tmp_path) == []


def test_the_wheel_ships_each_of_them():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    shipped = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    needed = {f"captures/{name}" for name in ("samples.toml", *(sample.path.name for sample in list_samples()))}
    assert {name for name in shipped if name.startswith("captures/")} == needed
    assert all(place == f"sniffer/{name}" for name, place in shipped.items())
