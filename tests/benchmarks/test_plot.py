"""The plot of a history is a picture with a panel for each figure."""

from xml.etree import ElementTree

from tests.benchmarks.history import build_run
from tests.benchmarks.measure import Figure
from tests.benchmarks.plot import HEIGHT, plot

SVG = "{http://www.w3.org/2000/svg}"


def test_each_figure_has_a_line_through_its_runs() -> None:
    runs = [build_run([Figure("lag <1>", value, "ms", 50), Figure("size", 7, "MB")]) for value in (40.0, 45.0, 60.0)]
    picture = ElementTree.fromstring(plot(runs))
    panels = picture.findall(f"{SVG}g")
    assert [panel.findtext(f"{SVG}text") for panel in panels] == ["lag <1>", "size"]
    line = panels[0].find(f"{SVG}polyline")
    assert line is not None
    heights = [float(corner.partition(",")[2]) for corner in line.attrib["points"].split()]
    assert heights == sorted(heights, reverse=True)
    assert all(0 < height < HEIGHT for height in heights)


def test_only_figures_with_a_limit_have_a_dashed_line_and_those_above_it_are_red() -> None:
    panels = ElementTree.fromstring(plot([build_run([Figure("lag", 60, "ms", 50), Figure("size", 7, "MB")])])).findall(
        f"{SVG}g"
    )
    assert [panel.find(f"{SVG}path") is not None for panel in panels] == [True, False]
    colors = [line.attrib["stroke"] for panel in panels if (line := panel.find(f"{SVG}polyline")) is not None]
    assert colors[0] != colors[1]
