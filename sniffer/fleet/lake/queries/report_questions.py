"""The questions of the report on a lake, as data: each has the SQL of one table, its title and its explanation.

In the SQL, `chosen` holds the sessions that are reported on, and `fault` their faults. A fault has its charger, and the
firmware that was announced before it, or else later in the session. A charger without a name has that of its bench.
"""

from typing import NamedTuple

SILENT_AFTER_DAYS = 1.0
SILENT_AFTER_INTERVALS = 3
"""A bench is silent if nothing came from it for both: this many days, and this multiple of its usual time between two
sessions."""

LEAST_ANSWERS = 20
"""The least number of answers with which the median of a unit counts."""


class ReportQuestion(NamedTuple):
    """One table of the report: its title, its explanation, its SQL, and the text if it has no row."""

    title: str
    about: str
    sql: str
    empty: str


_FAULTS = "no fault in these sessions"

QUESTIONS: tuple[ReportQuestion, ...] = (
    ReportQuestion(
        "Faults by kind",
        "Seconds to recover are from the first report of a fault to its end.",
        """select kind as fault, count(*) as times, count(distinct charger) as units, count(distinct bench) as benches,
        count(*) filter (active) as "active at end", round(median(recovery), 1) as "recovered in s",
        round(quantile_cont(recovery, 0.95), 1) as "95 % in s", round(max(recovery), 1) as "longest s"
        from fault group by kind order by times desc, fault""",
        _FAULTS,
    ),
    ReportQuestion(
        "Faults by week",
        "Weeks begin on Monday, in UTC.",
        """select strftime(date_trunc('week', time), '%Y-%m-%d') as week, kind as fault, count(*) as times,
        count(distinct charger) as units from fault group by week, kind order by week desc, times desc, fault""",
        _FAULTS,
    ),
    ReportQuestion(
        "Faults by unit",
        "",
        """select charger as unit, any_value(of_firmware) as firmware, kind as fault, count(*) as times,
        round(median(recovery), 1) as "recovered in s", strftime(max(time), '%Y-%m-%d %H:%M') as last
        from fault group by charger, kind order by times desc, unit, fault""",
        _FAULTS,
    ),
    ReportQuestion(
        "Faults by firmware",
        "Hours are those of all sessions with this firmware.",
        """select of_firmware as firmware, kind as fault, count(*) as times, count(distinct charger) as units,
        round(any_value(hours), 1) as hours, round(100 * count(*) / any_value(nullif(hours, 0)), 1) as "per 100 h"
        from fault left join (
            select firmware as spent_on, sum(epoch_ns(ended) - epoch_ns(began)) / 3.6e12 as hours
            from chosen group by firmware
        ) on of_firmware is not distinct from spent_on
        group by of_firmware, kind order by times desc, firmware, fault""",
        _FAULTS,
    ),
    ReportQuestion(
        "Voltage in the ten seconds before a fault",
        "The lowest of all phases, and the largest fall of one phase from ten seconds before.",
        """select kind as fault, count(*) as faults, round(median(low), 1) as "median lowest V",
        round(min(low), 1) as "lowest V", round(median(fall), 1) as "median fall V",
        round(max(fall), 1) as "largest fall V"
        from (
            select kind, least(l1_lowest, l2_lowest, l3_lowest) as low,
            greatest(l1_before - l1_lowest, l2_before - l2_lowest, l3_before - l3_lowest) as fall from fault
        ) where low is not null group by kind order by faults desc, fault""",
        "no fault with voltages before it in these sessions",
    ),
    ReportQuestion(
        "Boot loops",
        "",
        """select charger as unit, firmware, detail->>'$.of' as part, count(*) filter (event = 'boot_loop') as loops,
        max((detail->>'$.boots')::bigint) as "most boots", strftime(max(time), '%Y-%m-%d %H:%M') as last
        from (select session, time, event, detail from events where event in ('boot_loop', 'boot_loop_ended'))
        join chosen using (session) where event_time(time)
        group by charger, firmware, part order by loops desc, unit""",
        "no boot loop in these sessions",
    ),
)

ANSWERS = f"""select charger as unit, name, count(latency) as answers, median(latency) as middle,
quantile_cont(latency, 0.95) as slow, count(*) filter (not answered) as unanswered
from (select session, time, name, answered, latency from exchanges) join chosen using (session)
where not coarse and event_time(time) group by charger, name having answers >= {LEAST_ANSWERS} order by name, unit"""
"""The answer times of each unit, in nanoseconds. Text logs have whole seconds and are left out."""

SILENT = f"""with spans as (
    select bench, epoch_ns(began) as began, epoch_ns(ended) as ended,
    epoch_ns(began) - lag(epoch_ns(began)) over (partition by bench order by began) as gap
    from sessions where began is not null
), newest as (select max(ended) as ended from spans)
select bench, strftime(make_timestamp_ns(max(spans.ended)), '%Y-%m-%d %H:%M') as "last heard",
round((any_value(newest.ended) - max(spans.ended)) / 8.64e13, 1) as "days silent",
round(median(gap) / 8.64e13, 1) as "usual days between", count(*) as sessions
from spans, newest where in_bench(bench) group by bench
having any_value(newest.ended) - max(spans.ended)
    > greatest({SILENT_AFTER_DAYS} * 8.64e13, {SILENT_AFTER_INTERVALS} * coalesce(median(gap), 0))
order by "days silent" desc, bench"""
"""The benches from which nothing came for long, up to the latest time in the lake; `--since` does not matter here."""

TOTALS = """select count(*), count(distinct bench), count(distinct charger), sum(frames),
strftime(min(began), '%Y-%m-%d %H:%M'), strftime(max(ended), '%Y-%m-%d %H:%M'),
count(*) filter (frames = 0 or health in ('nothing heard', 'noise only', 'wrong rate')),
count(*) filter (read_error is not null) from chosen"""
"""The extent of the report: sessions, benches, units, frames, times, sessions that say nothing, and incomplete ones."""
