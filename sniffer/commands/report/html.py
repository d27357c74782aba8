"""A report as one self-contained HTML page: no script, no font, no picture, no address.

In: a report. Out: the page, in ASCII, so that any transport keeps it intact. Texts from the wire or from a file become
text on the page, never markup (`sniffer.commands.report.charts.markup`). The page of a comparison is built from the
same parts (`comparison.html`).
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from importlib import resources
from string import Template

from sniffer._version import __version__
from sniffer.base.phrasing import format_count
from sniffer.base.times import UNTIMED, format_clock, format_duration
from sniffer.commands.report.charts.latency import draw_latencies
from sniffer.commands.report.charts.markup import (
    HtmlCell,
    Markup,
    build_table,
    element,
    fold_list,
    join_markup,
    to_markup,
)
from sniffer.commands.report.charts.timeline import draw_timeline
from sniffer.commands.report.faults.advice_markup import build_advice
from sniffer.commands.report.findings import Level, ReportFinding, format_fault, format_loss, list_findings
from sniffer.commands.report.model import Episode, Exchange, Lane, SessionReport, format_share
from sniffer.commands.report.phrases import (
    CHAIN_TITLES,
    MEASURED_TITLES,
    OCPP_TITLES,
    REGISTRATION_TITLES,
    RESTART_TITLES,
    format_chain_rows,
    format_exchange_cells,
    format_expected,
    format_gap_rows,
    format_headline,
    format_link_rows,
    format_measured_rows,
    format_move,
    format_ocpp_rows,
    format_registration_rows,
    format_restart_rows,
    format_stay_share,
)
from sniffer.commands.report.symbols import LEVEL_RANKS, LEVEL_SIGNS
from sniffer.core.charger.startup.registration_events import RegistrationState
from sniffer.text.describe import format_fault_codes, format_place, list_doubts
from sniffer.text.faults.advice import load_handbook
from sniffer.text.faults.fault_values import summarize_fault_values
from sniffer.text.ranks import Rank
from sniffer.text.registration_text import format_announcement


def format_page(report: SessionReport) -> str:
    """Return the whole page, in ASCII and without the last line end."""
    return fill_template(f"Report on {report.name}", join_markup(_build_sections(report)))


def fill_template(title: str, body: Markup) -> str:
    """Return a page with this title and body, in ASCII."""
    folder = resources.files("sniffer.commands.report")
    template = Template((folder / "page.html").read_text("utf-8"))
    style = "\n" + (folder / "page.css").read_text("ascii")
    text = template.substitute(
        title=to_markup(title), version=to_markup(__version__), policy=_format_policy(style), style=style, body=body
    )
    return text.encode("ascii", "xmlcharrefreplace").decode("ascii").rstrip("\n")


def _format_policy(style: str) -> str:
    """Return the content security policy of a page that holds nothing but this style sheet (W3C CSP level 3).

    Even if text of a log became markup, a browser would run and load nothing.
    """
    digest = b64encode(sha256(style.encode("ascii")).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _build_sections(report: SessionReport) -> Iterator[Markup]:
    """Yield the sections of the page in order; those without content are left out."""
    yield build_header("session report", report)
    yield build_finding_list(list_findings(report))
    yield _build_figures(report)
    yield build_section("The session in time", draw_timeline(report))
    if report.faults:
        yield build_section("Faults", *_build_faults(report))
    for lane in report.lanes:
        yield build_section(f"Connector {lane.connector}", *_build_lane(report, lane))
    if report.registrations or report.restart_episodes:
        yield build_section("Registration and restarts", *_build_registrations(report))
    yield build_section("Exchanges", draw_latencies(report), *_build_exchanges(report))
    if report.chains:
        rows = [*format_chain_rows(report)]
        yield build_section("Exchanges across both links", build_table(CHAIN_TITLES, rows, CHAIN_TITLES[3:]))
    if calls := [*format_ocpp_rows(report)]:
        yield build_section("OCPP", build_table(OCPP_TITLES, calls, OCPP_TITLES[2:]))
    yield build_section("Link quality", *_build_link(report))
    if report.measured:
        table = build_table(MEASURED_TITLES, [*format_measured_rows(report)], MEASURED_TITLES[1:])
        yield build_section("Measured values", table)
    if report.marks:
        yield build_section("Worth a look", _build_marks(report))


def build_header(over: str, report: SessionReport) -> Markup:
    """Return the header: the kind of document, the name of the session, its charger and its times."""
    return element(
        "header",
        element("p", over, class_="over"),
        element("h1", report.name),
        element("p", ". ".join(format_headline(report)), class_="when"),
    )


def build_section(title: str, *content: object) -> Markup:
    """Return a section of the page with its title."""
    return element("section", element("h2", title), *content)


def build_finding_list(found: Sequence[ReportFinding]) -> Markup:
    """Return the findings as a list, each with the sign of its level."""
    return element(
        "ul",
        *(_build_finding(level, text) for level, text in found),
        class_="findings",
    )


def _build_finding(level: Level, text: str) -> Markup:
    sign = element("span", LEVEL_SIGNS[level], class_="sign")
    return element("li", sign, element("span", text), class_=LEVEL_RANKS[level])


def _build_figures(report: SessionReport) -> Markup:
    """Return the figures at the top of the page."""
    loops = f" ({format_count(len(report.boot_loops), 'boot loop')})" if report.boot_loops else ""
    slowest = max((one.latencies.percentile(95) for one in report.exchanges if one.latencies), default=None)
    figures = {
        "lasted": UNTIMED if report.duration is None else format_duration(report.duration),
        "frames": f"{report.ledger.frames:,}",
        "faults": f"{len(report.faults) + report.more_faults:,}",
        "registration": _REGISTRATION_WORDS[report.registration.state],
        "restarts": f"{sum(part.count for part in report.restarts):,}{loops}",
        "bytes in no frame": format_share(report.noise_share),
        "95 % of answers within": UNTIMED if slowest is None else format_duration(slowest),
    }
    items = (element("div", element("dt", name), element("dd", value)) for name, value in figures.items())
    return element("dl", *items, class_="figures")


def _build_faults(report: SessionReport) -> Iterator[Markup]:
    """Yield the table of the faults, and a card on each kind."""
    rows = [
        (
            element("strong", format_fault(episode)),
            UNTIMED if episode.fault.since is None else format_clock(episode.fault.since, report.zone),
            UNTIMED if episode.duration is None else format_duration(episode.duration),
            format_place(episode.raised),
            _build_codes(report, episode),
            _build_ending(report, episode),
        )
        for episode in report.faults
    ]
    titles = ("fault", "since", "lasted", "first in", "codes", "at the end")
    yield fold_list(f"all {len(rows):,} faults", len(rows), build_table(titles, rows, ("lasted",)))
    if report.more_faults:
        yield element(
            "p", f"and {format_count(report.more_faults, 'more fault')}, not listed one by one", class_="soft"
        )
    yield from build_advice(report)


def _build_codes(report: SessionReport, episode: Episode) -> Markup:
    """Return the codes of a fault, with what the error table adds and what contradicts them."""
    diagnosis, known = episode.fault.diagnosis, report.definition
    implied = format_fault_codes(diagnosis.implied, known)
    parts: list[object] = [format_fault_codes(episode.fault.codes, known) or "no code"]
    if implied:
        parts.append(element("span", f"; by the error table {implied}", class_="soft"))
    parts += [element("span", f"; {doubt}", class_="soft") for doubt in list_doubts(diagnosis, known)]
    values = summarize_fault_values(episode.fault, known)
    parts += [element("span", f"; {text}", class_="soft") for text in values]
    return element("span", *parts)


def _build_ending(report: SessionReport, episode: Episode) -> Markup:
    """Return a mark with the state of a fault at the end: active, or over since a time."""
    if not episode.is_over:
        return element("span", "active", class_=f"tag {Rank.FAULT}")
    cleared = episode.fault.cleared
    return element(
        "span", "over" if cleared is None else f"over {format_clock(cleared, report.zone)}", class_=f"tag {Rank.QUIET}"
    )


def _build_lane(report: SessionReport, lane: Lane) -> Iterator[Markup]:
    """Yield the tables of a connector: how long it was in each state, and each stay."""
    stays = [
        (state, f"{stay.times:,}", report.format_length(stay.total), format_stay_share(lane, stay))
        for state, stay in lane.stays_by_state().items()
    ]
    titles = ("state", "times", "in all", "share")
    yield build_table(titles, stays, titles[1:])
    rows = [
        (
            span.state,
            report.format_moment(span.begins),
            report.format_length(span.ends - span.begins),
            format_move(report, span) or Markup("")
            if span.is_legal is not False
            else element("span", format_move(report, span), class_=f"tag {Rank.WARNING}"),
        )
        for span in lane.known_spans
    ]
    yield element("h3", "In order")
    yield fold_list(
        f"all {len(rows):,} states", len(rows), build_table(("state", "from", "for", ""), rows, ("from", "for"))
    )


_REGISTRATION_WORDS: Mapping[RegistrationState | None, str] = {
    None: "not seen",
    "pending": "pending",
    "accepted": "accepted",
}


def _build_registrations(report: SessionReport) -> Iterator[Markup]:
    """Yield what is known of registrations and restarts."""
    if about := format_announcement(report.registration.announcement):
        yield element("p", about)
    if rows := [*format_registration_rows(report)]:
        table = build_table(REGISTRATION_TITLES, rows, REGISTRATION_TITLES[2:3])
        yield fold_list(f"all {len(rows):,} registrations", len(rows), table)
    if report.registration.state == "pending":
        yield element("h3", "What to check")
        yield element("ol", *(element("li", step) for step in load_handbook().registration))
    if restarts := [*format_restart_rows(report)]:
        yield element("h3", "Restarts")
        yield fold_list(f"all {len(restarts):,} restarts", len(restarts), build_table(RESTART_TITLES, restarts))


def _build_exchanges(report: SessionReport) -> Iterator[Markup]:
    titles = ("command", "direction", "count", "answered", "no answer", "sent again", "p50", "p95", "max", "every")
    yield build_table(titles, [*map(_build_exchange_row, report.exchanges)], titles[2:])
    yield from (element("p", text) for text in format_expected(report))


def _build_exchange_row(exchange: Exchange) -> Sequence[HtmlCell]:
    return exchange.stats.name, exchange.direction, *format_exchange_cells(exchange)


def _build_link(report: SessionReport) -> Iterator[Markup]:
    """Yield the byte ledger, the losses, and the gaps without traffic."""
    titles = ("bytes in", "pieces", "bytes", "share")
    yield build_table(titles, [*format_link_rows(report)], titles[1:])
    if report.losses:
        yield element("h3", "Losses")
        losses = [format_loss(report, loss) for loss in report.losses]
        yield fold_list(
            f"all {len(losses):,} losses", len(losses), element("ul", *(element("li", one) for one in losses))
        )
    if report.gaps:
        rows = [*format_gap_rows(report)]
        yield element("h3", "Gaps without traffic")
        yield fold_list(f"all {len(rows):,} gaps", len(rows), build_table(("from", "to", "for"), rows, ("to", "for")))


def _build_marks(report: SessionReport) -> Markup:
    marks = sorted((mark for marks in report.marks.values() for mark in marks), key=lambda mark: mark.number)
    rows = [(report.format_moment(mark.moment), mark.text) for mark in marks]
    return fold_list(f"all {len(rows):,}", len(rows), build_table(("at", "what"), rows))
