"""The trends in people's words: charts with their tables, each with a sentence that says what it
means.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from core import ids
from core.templatetags.desk import duration, share
from soc.querysets import OPEN_ALERTS
from soc.services import counted, trends
from soc.services.open_work import AGES, MOST, OpenWork
from soc.services.trends import Trends
from socplatform.charts import Bar, Line, bars, lines

# From the bottom of a bar up: the look, and the severities that it holds.
BANDS = (
    ("low", ("low", "informational", "pending")),
    ("medium", ("medium",)),
    ("high", ("high",)),
    ("critical", ("critical",)),
)
LEAST = 5  # median of fewer days is no trend


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, the same as a table of head and rows, and what it means; a row's first cell is a
    link.
    """

    svg: SafeString
    head: tuple[str, ...]
    rows: list[tuple[str, str, list[Any]]]
    told: str
    legend: list[tuple[str, str, Any, str]] = field(default_factory=list)


def found(days: int) -> counted.Counted:
    """The trends of so many days: as they are now where that is quick, else as a job counted them
    last.
    """
    kept = counted.where_many(counted.name_of_trends(days))
    return counted.Counted(trends.count(days)) if kept is None else kept


def volume(given: Trends) -> Chart:
    """Alerts by severity, a bar for each day, or for each week of a long time."""
    groups = _groups(given["days"])
    made, rows, totals = [], [], dict.fromkeys([look for look, _ in BANDS], 0)
    for days in groups:
        parts = []
        for look, words in BANDS:
            count = sum(given["volume"].get(day, {}).get(word, 0) for day in days for word in words)
            parts.append((look, count))
            totals[look] += count
        label, url = _label(days), alerts_of(days)
        told = ", ".join(f"{count} {look}" for look, count in reversed(parts) if count)
        made.append(Bar(label, parts, url, f"{label}: {told or 'none'}"))
        rows.append((label, url, [count for _, count in reversed(parts)]))
    legend = [
        (look, "low and below" if look == "low" else look, totals[look], _of_band(given, words))
        for look, words in reversed(BANDS)
    ]
    svg = bars(made, title="Alerts by severity")
    head = ("", "Critical", "High", "Medium", "Low and below")
    return Chart(svg, head, rows, _volume_told(given), legend)


def times(given: Trends, *, resolve: bool = False) -> Chart:
    """How long acknowledging, or resolving, took: the median and what nine of ten stay under."""
    place, word = (1, "resolve") if resolve else (0, "acknowledge")
    rows, medians, nineties = [], [], []
    for day in given["days"]:
        pair = given["times"].get(day, (None, None))[place] or (None, None)
        medians.append(pair[0])
        nineties.append(pair[1])
        told = [duration(each) if each is not None else "–" for each in pair]
        rows.append((_label([day]), alerts_of([day]), told))
    unit, parts = ("hours", 60) if resolve else ("minutes", 1)
    scaled = [
        Line("p90", "p90", [each and each / parts for each in nineties]),
        Line("median", "median", [each and each / parts for each in medians]),
    ]
    labels = [_label([day]) for day in given["days"]]
    svg = lines(scaled, labels, title=f"Time to {word}, in {unit}")
    return Chart(svg, ("", "Median", "p90"), rows, _times_told(given, place, word))


def clocks(given: Trends) -> Chart:
    """Clocks of alerts met and late, by the day they were due; a bar leads to those late."""
    groups = _groups(given["days"])
    made, rows, whole_met, whole_late = [], [], 0, 0
    queue = reverse("admin:soc_alert_changelist")
    for days in groups:
        pairs = [given["clocks"].get(day, (0, 0)) for day in days]
        met, late = sum(each[0] for each in pairs), sum(each[1] for each in pairs)
        whole_met, whole_late = whole_met + met, whole_late + late
        label = _label(days)
        span = {"breached_after": f"{days[0]}T00:00:00Z", "breached_before": _after(days)}
        url = f"{queue}?{urlencode(span)}"
        parts = [("met", met), ("late", late)]
        made.append(Bar(label, parts, url, f"{label}: {met} met, {late} late; opens late alerts"))
        rows.append((label, url, [met, late]))
    total = whole_met + whole_late
    told = (
        f"{share(whole_met / total)} of {total} were met; {whole_late} were late."
        if total
        else "No clock was due. Service levels are set in the library."
    )
    return Chart(bars(made, title="Clocks of alerts met and late"), ("", "Met", "Late"), rows, told)


def worst_rules(given: Trends) -> list[dict[str, Any]]:
    """The rules with the highest share of false positives."""
    return [
        {
            "name": name,
            "url": reverse("admin:soc_detectionrule_change", args=[ids.show_text("rul", pk)]),
            "alerts_url": _rule_alerts(pk, given["days"]),
            "volume": alerts,
            "closed": closed,
            "percent": round(100 * false / closed),
            "rate": false / closed,
        }
        for pk, name, alerts, closed, false in given["rules"]
    ]


def ages(work: OpenWork) -> list[dict[str, Any]]:
    """How long the alerts that wait have waited, counted now."""
    labels = ("under 1 h", "1 to 4 h", "4 to 24 h", "1 to 3 days", "over 3 days")
    most, now = max([*work.ages, 1]), timezone.now()
    return [
        {
            "label": label,
            "url": _waiting_between(now, since, until),
            "count": capped(count),
            "share": round(100 * count / most),
            "old": since >= AGES[-1][0],
        }
        for label, count, (since, until) in zip(labels, work.ages, AGES, strict=True)
    ]


def ages_told(work: OpenWork) -> str:
    """What the ages come to."""
    old, whole = work.ages[-1], sum(work.ages)
    if not whole:
        return "Nothing waits."
    if not old:
        return "Nothing has waited for more than 3 days."
    noun = "alert has" if old == 1 else "alerts have"
    return f"{capped(old)} {noun} waited for more than 3 days. Close them, or give them to someone."


def _waiting_between(now: datetime, since: int, until: int | None) -> str:
    """The alerts that wait and came so many hours ago."""
    params = {"created_before": _moment(now - timedelta(hours=since))}
    if until is not None:
        params["created_after"] = _moment(now - timedelta(hours=until))
    query = urlencode({"status": ",".join(OPEN_ALERTS), **params}, safe=",:")
    return f"{reverse('admin:soc_alert_changelist')}?{query}"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def capped(count: int) -> str:
    """`214`, `1 000+`: a count that was stopped says so."""
    return (
        f"{MOST:,}+".replace(",", "\u202f") if count > MOST else f"{count:,}".replace(",", "\u202f")
    )


def alerts_of(days: list[str]) -> str:
    """The alerts that arrived in some days, one after another."""
    params = {"created_after": f"{days[0]}T00:00:00Z", "created_before": _after(days)}
    return f"{reverse('admin:soc_alert_changelist')}?{urlencode(params)}"


def _after(days: list[str]) -> str:
    return f"{date.fromisoformat(days[-1]) + timedelta(days=1)}T00:00:00Z"


def _of_band(given: Trends, words: tuple[str, ...]) -> str:
    return f"{alerts_of(given['days'])}&severity={','.join(words)}"


def _groups(days: list[str]) -> list[list[str]]:
    """Each day by itself, or weeks where there are more than a month of them."""
    size = 1 if len(days) <= 31 else 7
    return [days[begin : begin + size] for begin in range(0, len(days), size)]


def _label(days: list[str]) -> str:
    first = date.fromisoformat(days[0])
    return f"{first.day} {first:%b}"


def _volume_told(given: Trends) -> str:
    totals = [sum(given["volume"].get(day, {}).values()) for day in given["days"]]
    if not any(totals):
        return f"No alert arrived in {len(totals)} days."
    whole = totals[:-1] or totals
    yesterday, usual = whole[-1], sorted(whole)[len(whole) // 2]
    if yesterday > 0 and yesterday == max(whole) and len(whole) > LEAST:
        return f"Yesterday brought {yesterday}, the most in {len(whole)} days; {usual} is usual."
    return f"Yesterday brought {yesterday}; {usual} is usual, {max(whole)} was the most."


def _times_told(given: Trends, place: int, word: str) -> str:
    median, ninety = (given["whole"][place] or (None, None)) if given["whole"] else (None, None)
    if median is None or ninety is None:
        return f"Nothing to {word} was there yet."
    half, most = (duration(each).removeprefix("under ") for each in (median, ninety))
    return f"Half take under {half} to {word}, nine of ten under {most}."


def _rule_alerts(pk: str, days: list[str]) -> str:
    return f"{alerts_of(days)}&detection_rule_id={ids.show_text('rul', pk)}"
