"""The charts of the HTML report, as SVG."""
