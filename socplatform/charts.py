"""Charts as SVG, drawn here: no script, no style of their own, nothing from another host.

Colours are classes of static/desk/numbers.css. Each bar is a link to its rows, 24 px wide at least,
so that it can be hit; what a chart shows stands in a table beside it too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

SLOT = 24
LEFT, TOP, FOOT = 34, 8, 18  # px for the scale, above the bars, and for the days
LINES = 3  # of the scale, above nought


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: parts from the bottom up, each a class and a number; `told` is what it says to
    somebody who cannot see it.
    """

    label: str
    parts: Sequence[tuple[str, float]]
    url: str
    told: str

    @property
    def total(self) -> float:
        return sum(value for _, value in self.parts)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of values with gaps; `look` is its class, `name` stands at its end."""

    look: str
    name: str
    values: Sequence[float | None]


def bars(found: Sequence[Bar], *, title: str, height: int = 150) -> SafeString:
    """Stacked bars over a scale that starts at nought; a label below the first, the middle and the
    last.
    """
    top = nice(max((bar.total for bar in found), default=0))
    width = LEFT + SLOT * max(len(found), 1)
    drawn = format_html_join(
        "", "{}", ((_bar(bar, place, top, height),) for place, bar in enumerate(found))
    )
    labels = _labels([bar.label for bar in found], height)
    return _frame(title, width, height, [_scale(top, width, height), drawn, labels])


def lines(
    found: Sequence[Line], labels: Sequence[str], *, title: str, height: int = 150
) -> SafeString:
    """Lines over the same scale; where a value is missing the line has a gap."""
    known = [value for line in found for value in line.values if value is not None]
    top = nice(max(known, default=0))
    width = LEFT + SLOT * max(len(labels), 1)
    drawn = format_html_join("", "{}", ((_line(line, top, height),) for line in found))
    return _frame(
        title, width, height, [_scale(top, width, height), drawn, _labels(labels, height)]
    )


def nice(most: float) -> int:
    """The end of a scale: the least of 3, 6, 15, 30, 60, 150, … that holds `most`, so that a third
    of it is a round number.
    """
    step = 1
    while True:
        for each in (1, 2, 5):
            if LINES * each * step >= most:
                return LINES * each * step
        step *= 10


def _frame(title: str, width: int, height: int, parts: Sequence[SafeString]) -> SafeString:
    return format_html(
        '<svg class="drawn" role="group" aria-label="{}" width="{}" height="{}" '
        'viewBox="0 0 {} {}">{}</svg>',
        title,
        width,
        height,
        width,
        height,
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def _level(value: float, top: int, height: int) -> float:
    return round(height - FOOT - (height - FOOT - TOP) * value / top, 1)


def _scale(top: int, width: int, height: int) -> SafeString:
    marks = [top * each // LINES for each in range(LINES + 1)]
    return format_html_join(
        "",
        '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<text class="mark" x="{}" y="{}" aria-hidden="true">{}</text>',
        (
            (LEFT, width, y, y, LEFT - 6, y + 4, f"{mark:,}".replace(",", "\u202f"))
            for mark in marks
            for y in [_level(mark, top, height)]
        ),
    )


def _bar(bar: Bar, place: int, top: int, height: int) -> SafeString:
    x, floor, drawn = LEFT + SLOT * place, 0.0, []
    for look, value in bar.parts:
        if value:
            y = _level(floor + value, top, height)
            drawn.append((look, x + 4, y, SLOT - 8, max(_level(floor, top, height) - y, 1)))
            floor += value
    return format_html(
        '<a href="{}" aria-label="{}"><title>{}</title>'
        '<rect class="slot" x="{}" y="{}" width="{}" height="{}"/>{}</a>',
        bar.url,
        bar.told,
        bar.told,
        x,
        TOP,
        SLOT,
        height - FOOT - TOP,
        format_html_join("", '<rect class="bar {}" x="{}" y="{}" width="{}" height="{}"/>', drawn),
    )


def _line(line: Line, top: int, height: int) -> SafeString:
    """A piece between each two neighbours that are known, a dot on a value that stands alone, and
    the name at the last one.
    """
    points = [
        None if value is None else (LEFT + SLOT * place + SLOT // 2, _level(value, top, height))
        for place, value in enumerate(line.values)
    ]
    pieces = [(line.look, *a, *b) for a, b in pairwise(points) if a and b]
    alone = [
        (line.look, *point)
        for before, point, after in zip([None, *points], points, [*points[1:], None], strict=False)
        if point and not before and not after
    ]
    return format_html(
        "{}{}",
        format_html_join("", '<line class="trend {}" x1="{}" y1="{}" x2="{}" y2="{}"/>', pieces),
        format_html_join("", '<circle class="dot {}" cx="{}" cy="{}" r="2.5"/>', alone),
    )


def _labels(labels: Sequence[str], height: int) -> SafeString:
    """Three of them at most, or they would lie on each other."""
    last = len(labels) - 1
    shown = sorted({0, last // 2, last}) if labels else []
    anchors = {0: "start", last: "end"}
    return format_html_join(
        "",
        '<text class="day" x="{}" y="{}" text-anchor="{}" aria-hidden="true">{}</text>',
        (
            (
                LEFT + SLOT * place + {"start": 2, "end": SLOT - 2}.get(anchors.get(place, ""), 12),
                height - 4,
                anchors.get(place, "middle"),
                labels[place],
            )
            for place in shown
        ),
    )
