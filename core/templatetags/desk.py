"""How the desk shows things: severity three ways, status by shape, time in people's words."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core import ids

register = template.Library()

BARS = {"critical": 4, "high": 3, "medium": 2, "low": 1, "informational": 0, "pending": 0}
STATUS_ICONS = {
    "open": "radio_button_unchecked",
    "new": "radio_button_unchecked",
    "detected": "radio_button_checked",
    "acknowledged": "adjust",
    "triaging": "contrast",
    "in_progress": "contrast",
    "escalated": "change_history",
    "on_hold": "pause_circle",
    "contained": "shield",
    "eradicated": "cleaning_services",
    "recovered": "healing",
    "resolved": "task_alt",
    "closed": "check_circle",
    "suppressed": "notifications_off",
    "proposed": "help",
    "accepted": "check_circle",
    "dismissed": "cancel",
    "done": "check_circle",
    "skipped": "redo",
    "running": "sync",
    "waiting": "front_hand",
    "uncertain": "question_mark",
    "succeeded": "check_circle",
    "failed": "error",
    "cancelled": "cancel",
}
MALICE_ICONS = {
    "malicious": "dangerous",
    "suspicious": "warning",
    "benign": "check",
    "pending": "hourglass_empty",
}


@register.simple_tag
def icon(name: str) -> SafeString:
    return format_html(
        '<span class="material-symbols-outlined ic" aria-hidden="true">{}</span>', name
    )


@register.simple_tag
def severity(value: str) -> SafeString:
    """The word, four bars and weight; colour comes fourth."""
    filled = BARS.get(value, 0)
    bars = format_html_join(
        "", '<i class="{}"></i>', [("on" if n < filled else "",) for n in range(4)]
    )
    return format_html(
        '<span class="sev sev-{}"><span class="bars" aria-hidden="true">{}</span>{}</span>',
        value,
        bars,
        value.capitalize(),
    )


@register.simple_tag
def status(value: str) -> SafeString:
    word = value.replace("_", " ").capitalize()
    return format_html(
        '<span class="status status-{}">{}{}</span>',
        value,
        icon(STATUS_ICONS.get(value, "circle")),
        word,
    )


@register.simple_tag
def malice(value: str) -> SafeString:
    shown = icon(MALICE_ICONS.get(value, "hourglass_empty"))
    return format_html(
        '<span class="malice malice-{}">{}{}</span>', value, shown, value.capitalize()
    )


@register.simple_tag
def malice_reason(indicator: Any) -> str:
    """Who says what it is, and why: a person, or the enricher that the malice comes from."""
    source = indicator.malice_source or ""
    told = indicator.enrichment_results.get(source, {}).get("reason", "")
    return str(told or source)


@register.simple_tag
def moment(value: datetime | None) -> SafeString:
    """A point in time: `20 Nov 02:51:07`, the year only when it is another; the whole of it on
    hover.
    """
    if value is None:
        return format_html('<span class="none">{}</span>', "not known")
    here = timezone.localtime(value)
    year = "" if here.year == timezone.localtime().year else f" {here.year}"
    shown = f"{here.day} {here:%b}{year} {here:%H:%M:%S}"
    return format_html(
        '<time class="num" datetime="{0}" title="{0}">{1}</time>', here.isoformat(), shown
    )


@register.simple_tag
def clock_time(value: datetime) -> SafeString:
    """The time of a day that stands above it: `02:51:07`; the whole of it on hover."""
    here = timezone.localtime(value)
    return format_html(
        '<time class="num" datetime="{0}" title="{0}">{1}</time>',
        here.isoformat(),
        f"{here:%H:%M:%S}",
    )


@register.simple_tag
def age(value: datetime | None) -> SafeString:
    """How long ago: `8 m`, `1 h 04`, `18 h`, then `3 d`."""
    if value is None:
        return format_html("{}", "–")
    minutes = max(0, int((timezone.now() - value).total_seconds() // 60))
    return format_html(
        '<time class="num" datetime="{}" title="{}">{}</time>',
        value.isoformat(),
        value.isoformat(),
        span(minutes),
    )


@register.simple_tag
def clock(reading: Any, word: str = "") -> SafeString:
    """How long there is: a pie that fills, then a triangle and how late; paused, why. The word says
    to what.
    """
    if reading is None:
        return format_html('<span class="none">{}</span>', "–")
    if reading.state == "paused":
        look, sign = "paused", icon("pause")
        told = reading.paused.reason if reading.paused else "paused"
    elif reading.state == "breached" and reading.going:
        look, sign, told = "late", icon("warning"), f"{span(reading.wall_minutes)} late"
    elif reading.state == "running":
        look = "at-risk" if reading.is_at_risk else "running"
        sign, told = _pie(reading.filled), span(reading.wall_minutes)
    else:
        sign = icon("cancel" if reading.state == "cancelled" else "check_circle")
        look, told = reading.state, "late" if reading.state == "breached" else reading.state
    to = format_html('<small class="to">{}</small> ', word) if word else ""
    return format_html(
        '<span class="clock clock-{}" title="{}">{}{}<span>{}</span></span>',
        look,
        reading.explanation,
        sign,
        to,
        told,
    )


def _pie(filled: int) -> SafeString:
    return format_html(
        '<svg class="pie" viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="7"/>'
        '<circle class="gone" cx="8" cy="8" r="3.5" pathLength="100" stroke-dasharray="{} 100"/>'
        "</svg>",
        filled,
    )


def span(minutes: int) -> str:
    """Minutes in people's words."""
    hours = minutes // 60
    if hours < 1:
        return f"{minutes} m"
    if hours < 10:
        return f"{hours} h {minutes % 60:02d}"
    return f"{hours} h" if hours < 24 else f"{hours // 24} d"


@register.filter
def duration(minutes: float) -> str:
    return span(int(minutes)) if minutes >= 1 else "under 1 m"


@register.filter
def share(part: float | None) -> str:
    """A part of one as people read it: `4 %`; nothing for what is not known."""
    return "–" if part is None else f"{part * 100:.0f}\u202f%"


@register.filter
def times(count: int) -> str:
    """How often it was seen: `once`, `× 38`."""
    return "once" if not count else f"× {count + 1:,}".replace(",", "\u202f")


@register.filter
def words(value: Any) -> str:
    """A key as words: `close_classification` is read as `close classification`."""
    return str(value).replace("_", " ")


@register.filter
def pretty(value: Any) -> str:
    """JSON, indented, as text."""
    return (
        orjson.dumps(value, option=orjson.OPT_INDENT_2, default=str).decode()
        if value is not None
        else ""
    )


@register.filter
def lines(value: str) -> int:
    return value.count("\n") + 1


@register.filter
def initials(name: str) -> str:
    parts = [part for part in name.replace("@", " ").split() if part]
    return "".join(part[0] for part in parts[:2]).upper()


@register.filter
def surname(name: str) -> str:
    """The last word of a name, for a narrow column."""
    return name.split()[-1] if name.split() else name


@register.filter
def shown(value: UUID, prefix: str) -> str:
    return ids.show(prefix, value) or ""


@register.filter
def short(value: Any) -> str:
    """A value of a field as one line of a history."""
    if value in (None, "", [], {}):
        return "nothing"
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        value = ", ".join(value)
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%d %b %Y %H:%M:%S}"
    text = value if isinstance(value, str) else orjson.dumps(value, default=str).decode()
    return text if len(text) <= 160 else f"{text[:159]}…"


@register.simple_tag(takes_context=True)
def with_query(context: dict[str, Any], **changes: Any) -> str:
    """The present query with some names changed; None takes a name away."""
    params = context["request"].GET.copy()
    for name, value in changes.items():
        params.pop(name, None)
        if value is not None:
            params[name] = value
    encoded: str = params.urlencode()
    return f"?{encoded}"
