"""A report as one HTML page that needs nothing else: no script, no font, no picture, no address.

In: a report. Out: the page, in ASCII, so that it reads the same whatever it is sent through. What the wire or a file
said is text on it, never markup (`sniffer.report.markup`).
"""

from collections.abc import Iterator, Sequence
from importlib import resources
from string import Template

from sniffer import __version__
from sniffer.faultcard import fault_card
from sniffer.protocol.advice import handbook
from sniffer.report.findings import Finding, fault_name, findings
from sniffer.report.latencies import answers_chart
from sniffer.report.looks import LEVELS
from sniffer.report.markup import Markup, element, joined, markup
from sniffer.report.model import Episode, Exchange, Lane, Report, counted, percent
from sniffer.report.timeline import timeline
from sniffer.report.words import answers_text, headline, link_rows, period_text, stay_share
from sniffer.times import UNTIMED, clock, short
from sniffer.wording import codes_text, doubts_text, where

MOST = 500
"""How many entries of one list stand on the page; the JSON form has all."""

FOLDED_FROM = 16
"""A longer list is folded away."""

Cell = object
"""What stands in a table: text or markup."""


def page(report: Report) -> str:
    """The whole page."""
    return bound(f"Report on {report.name}", joined(_sections(report)))


def bound(title: str, body: Markup) -> str:
    """A page with this in it."""
    folder = resources.files("sniffer.report")
    template = Template((folder / "page.html").read_text("utf-8"))
    style = (folder / "page.css").read_text("utf-8")
    text = template.substitute(title=markup(title), version=markup(__version__), style=style, body=body)
    return text.encode("ascii", "xmlcharrefreplace").decode("ascii").rstrip("\n")


def _sections(report: Report) -> Iterator[Markup]:
    yield head("session report", report)
    yield finding_list(findings(report))
    yield _figures(report)
    yield section("The session in time", timeline(report))
    if report.faults:
        yield section("Faults", *_faults(report))
    for lane in report.lanes:
        yield section(f"Connector {lane.connector}", *_lane(report, lane))
    yield section("Exchanges", answers_chart(report), _exchanges(report))
    yield section("Link quality", *_link(report))
    if report.marks:
        yield section("Worth a look", _marks(report))


def head(over: str, report: Report) -> Markup:
    """Whose report this is."""
    return element(
        "header",
        element("p", over, class_="over"),
        element("h1", report.name),
        element("p", ". ".join(headline(report)), class_="when"),
    )


def section(title: str, *content: object) -> Markup:
    """A part of the page."""
    return element("section", element("h2", title), *content)


def finding_list(found: Sequence[Finding]) -> Markup:
    """What is to be known first."""
    return element(
        "ul",
        *(
            element("li", element("span", LEVELS[level], class_="sign"), element("span", text), class_=level.value)
            for level, text in found
        ),
        class_="findings",
    )


def table(titles: Sequence[str], rows: Sequence[Sequence[Cell]], numbers: Sequence[str] = ()) -> Markup:
    """A table; the columns of these titles stand to the right. On a phone each row is a block."""
    kinds = ["number" if title in numbers else "text" for title in titles]
    heads = (element("th", title, class_=kind) for title, kind in zip(titles, kinds, strict=True))
    body = (
        element(
            "tr",
            *(
                element("td", cell, data_name=title, class_=kind)
                for cell, title, kind in zip(row, titles, kinds, strict=True)
            ),
        )
        for row in rows[:MOST]
    )
    told = element("table", element("thead", element("tr", *heads)), element("tbody", *body), class_="stacked")
    if len(rows) <= MOST:
        return told
    return joined([told, element("p", f"and {len(rows) - MOST:,} more, which the JSON form has", class_="soft")])


def folded(what: str, count: int, content: Markup) -> Markup:
    """A long list behind its title; a short one as it is."""
    if count < FOLDED_FROM:
        return content
    return element("details", element("summary", what), content)


def _figures(report: Report) -> Markup:
    loops = f" ({counted(len(report.loops), 'loop')})" if report.loops else ""
    slowest = max((one.answers.percentile(95) for one in report.exchanges if one.answers), default=None)
    figures = {
        "lasted": UNTIMED if report.duration is None else short(report.duration),
        "frames": f"{report.ledger.frames:,}",
        "faults": f"{len(report.faults) + report.more_faults:,}",
        "boots": f"{report.boots.count:,}{loops}",
        "bytes in no frame": percent(report.noise_share),
        "95 % of answers within": UNTIMED if slowest is None else short(slowest),
    }
    told = (element("div", element("dt", name), element("dd", value)) for name, value in figures.items())
    return element("dl", *told, class_="figures")


def _faults(report: Report) -> Iterator[Markup]:
    rows = [
        (
            element("strong", fault_name(told)),
            UNTIMED if told.fault.since is None else clock(told.fault.since, report.zone),
            UNTIMED if told.lasted is None else short(told.lasted),
            where(told.raised),
            _codes(report, told),
            _ending(report, told),
        )
        for told in report.faults
    ]
    titles = ("fault", "since", "lasted", "first in", "codes", "at the end")
    yield folded(f"all {len(rows):,} faults", len(rows), table(titles, rows, ("lasted",)))
    if report.more_faults:
        yield element("p", f"and {counted(report.more_faults, 'more fault')}, not told one by one", class_="soft")
    yield from _advice(report)


def _codes(report: Report, episode: Episode) -> Markup:
    diagnosis, known = episode.fault.diagnosis, report.definition
    implied = codes_text(diagnosis.implied, known)
    parts: list[object] = [codes_text(episode.fault.codes, known) or "no code"]
    if implied:
        parts.append(element("span", f"; by the error table {implied}", class_="soft"))
    parts += [element("span", f"; {doubt}", class_="soft") for doubt in doubts_text(diagnosis, known)]
    return element("span", *parts)


def _ending(report: Report, episode: Episode) -> Markup:
    if not episode.is_over:
        return element("span", "active", class_="tag bad")
    cleared = episode.fault.cleared
    return element("span", "over" if cleared is None else f"over {clock(cleared, report.zone)}", class_="tag quiet")


def _advice(report: Report) -> Iterator[Markup]:
    """What to measure first at each row of the error table that a fault can mean."""
    rows = [row for episode in report.faults for row in episode.fault.diagnosis.rows]
    told = False
    for place, row in enumerate(rows):
        advice = fault_card(row, report.definition).advice
        if advice is None or row in rows[:place]:
            continue
        if not told:
            yield element("h3", "What to measure first")
            yield element("p", "General advice, not from the charger's document. " + handbook().safety, class_="soft")
        told = True
        yield element("p", element("strong", row.meaning), ": ", advice.electrical[0])
        yield element("ol", *(element("li", step) for step in advice.measure))


def _lane(report: Report, lane: Lane) -> Iterator[Markup]:
    stays = [
        (state, f"{stay.times:,}", report.lasted(stay.total), stay_share(lane, stay))
        for state, stay in lane.stays().items()
    ]
    titles = ("state", "times", "in all", "share")
    yield table(titles, stays, titles[1:])
    rows = [
        (
            span.state,
            report.at(span.begins),
            report.lasted(span.ends - span.begins),
            Markup("") if span.is_legal else element("span", "not a move that OCPP allows", class_="tag warn"),
        )
        for span in lane.told
    ]
    yield element("h3", "In order")
    yield folded(f"all {len(rows):,} states", len(rows), table(("state", "from", "for", ""), rows, ("from", "for")))


def _exchanges(report: Report) -> Markup:
    titles = ("command", "way", "count", "answered", "no answer", "sent again", "p50", "p95", "max", "every")
    return table(titles, [*map(_exchange, report.exchanges)], titles[2:])


def _exchange(exchange: Exchange) -> Sequence[Cell]:
    tally = exchange.tally
    counts = (tally.answered, tally.unanswered, tally.retransmissions)
    return (
        tally.name,
        exchange.way,
        f"{tally.count:,}",
        *(f"{count:,}" if count else "" for count in counts),
        *answers_text(exchange.answers),
        period_text(tally),
    )


def _link(report: Report) -> Iterator[Markup]:
    titles = ("bytes in", "pieces", "bytes", "share")
    yield table(titles, [*link_rows(report)], titles[1:])
    if report.gaps:
        rows = [
            (report.at(gap.begins), report.at(gap.ends), report.lasted(gap.ends - gap.begins)) for gap in report.gaps
        ]
        yield element("h3", "Nobody said anything")
        yield folded(f"all {len(rows):,} gaps", len(rows), table(("from", "to", "for"), rows, ("to", "for")))


def _marks(report: Report) -> Markup:
    marks = sorted((mark for told in report.marks.values() for mark in told), key=lambda mark: mark.number)
    rows = [(report.at(mark.moment), mark.text) for mark in marks]
    return folded(f"all {len(rows):,}", len(rows), table(("at", "what"), rows))
