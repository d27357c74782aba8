"""`dashboard`: print the dashboard for Grafana that shows what `--metrics` offers."""

from sniffer.cli.options.parser import build_parser
from sniffer.cli.output import print_line

EPILOG = """\
It shows what Prometheus reads from benches that run with --metrics (`evse-sniff help fleet`).
Import the file in Grafana, by Dashboards, New, Import:
  evse-sniff dashboard > evse-sniff.json"""


def run(words: list[str]) -> int:
    """Print the dashboard. Returns 0."""
    parser = build_parser("dashboard", "Print a dashboard for Grafana, of benches that offer --metrics.", EPILOG)
    parser.parse_args(words)

    from sniffer.base.package_data import read_package_text

    print_line(read_package_text("sniffer.fleet.metrics", "dashboard.json").rstrip("\n"))
    return 0
