"""How the findings of a repository came and went, and what the student thinks of the rules, as plots."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import streamlit as st

from dashboards.loading import load_acceptances, load_stays
from dashboards.queries import Repository
from dashboards.trends import WeekCount, count_weeks, is_dated
from dashboards.widgets import render_chips, show_empty
from dashboards.wording import count_of
from internflow.reviews.acceptance import Acceptance
from internflow.reviews.rule import SEVERITIES

COLORS = {"high": "#d03834", "medium": "#c98212", "low": "#8d9590"}
VERDICT_COLORS = {"useful": "#169169", "wrong": "#d03834"}
PLOTS = {
    "came": "Brought in, by week",
    "gone": "Fixed, by week",
    "standing": "There at the end of the week",
}
MOST_RULES = 15
WIDEST_BAR, NARROWEST_PLOT = (
    48,
    320,
)  # pixels: a first week is a bar and no wall, a year fits a phone


def show_trends(student_id: str | None, repository: Repository) -> None:
    stays = load_stays(student_id, repository.repo_id)
    weeks = count_weeks(stays)
    if weeks:
        show_weeks(weeks)
        undated = sum(not is_dated(stay) for stay in stays)
        also = f" {count_of(undated, 'finding')} went at an unknown time." if undated else ""
        st.caption(f"By the times of the commits, without what you dismissed.{also}")
    else:
        show_empty("No finding yet", "Reviewed commits with findings show here by week.")
    show_acceptances([a for a in load_acceptances(student_id) if a.total])


def show_weeks(weeks: list[WeekCount]) -> None:
    chips = "".join(render_chips([severity], severity) for severity in SEVERITIES)
    st.html(f'<div class="if-row">{chips}</div>')
    colors = alt.Scale(domain=list(COLORS), range=list(COLORS.values()))
    counts = alt.Axis(format="d", tickMinStep=1, tickCount=4)
    axis = alt.Axis(format="%d %b %y", labelAngle=0, labelOverlap="greedy", labelSeparation=12)
    first, last = weeks[0].week, weeks[-1].week
    widest = min(WIDEST_BAR, NARROWEST_PLOT // len({week.week for week in weeks}))
    for name, title in PLOTS.items():
        rows = [
            {
                "week": week.week.isoformat(),
                "severity": week.severity,
                "findings": getattr(week, name),
                "place": SEVERITIES.index(week.severity),
            }
            for week in weeks
        ]
        most = _find_highest(rows)
        plot = (
            alt.Chart(alt.InlineData(values=rows), height=170, title=title)
            .mark_bar(size=widest)
            .encode(
                x=alt.X("yearmonthdate(week):O", title=None, axis=axis),
                y=alt.Y("findings:Q", title=None, axis=counts, scale=alt.Scale(domain=[0, most])),
                color=alt.Color("severity:N", scale=colors, legend=None),
                order=alt.Order("place:Q"),
                tooltip=["week:T", "severity:N", "findings:Q"],
            )
        )
        total = sum(
            row["findings"] for row in rows if name != "standing" or row["week"] == f"{last}"
        )
        st.altair_chart(
            plot, alt=f"{title}: {total:,} from {first} to {last}", key=f"reviews.trend.{name}"
        )


def _find_highest(rows: Sequence[Mapping[str, Any]]) -> int:
    """The findings of the fullest week; 1 where there are none, for an axis without whole numbers is none."""
    by_week: Counter[str] = Counter()
    for row in rows:
        by_week[row["week"]] += row["findings"]
    return max(1, *by_week.values())


def show_acceptances(acceptances: list[Acceptance]) -> None:
    """One bar per rule, the most judged first."""
    st.subheader("Rules by your verdicts", anchor=False)
    if not acceptances:
        show_empty("No verdict yet", "Say useful or wrong of a finding in the ledger.")
        return
    most = sorted(acceptances, key=lambda a: (-a.total, a.rule))[:MOST_RULES]
    rows = [
        {"rule": f"{a.rule} (off)" if a.is_off else a.rule, "verdict": verdict, "verdicts": number}
        for a in most
        for verdict, number in (("useful", a.useful), ("wrong", a.wrong))
    ]
    colors = alt.Scale(domain=list(VERDICT_COLORS), range=list(VERDICT_COLORS.values()))
    plot = (
        alt.Chart(alt.InlineData(values=rows), height=alt.Step(24))
        .mark_bar()
        .encode(
            y=alt.Y("rule:N", title=None, sort=None, axis=alt.Axis(labelLimit=220)),
            x=alt.X("verdicts:Q", title=None, axis=alt.Axis(tickMinStep=1)),
            color=alt.Color("verdict:N", scale=colors, legend=alt.Legend(orient="top", title=None)),
            tooltip=["rule:N", "verdict:N", "verdicts:Q"],
        )
    )
    told = ", ".join(f"{a.rule} {a.useful} of {a.total} useful" for a in most)
    st.altair_chart(plot, alt=told, key="reviews.acceptance")
