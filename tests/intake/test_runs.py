"""How the records of a batch are cut into runs, and what a request may hold."""

import gzip

import pytest

from core.api import parsers
from core.strictjson import MAX_VALUES, Malformed
from soc.intake import formats, runs
from soc.intake.envelope import TooManyError, split
from tests.intake import shapes
from tests.intake.factories import records_of
from tests.intake.shapes import changed


def pager(action, key):
    event = changed(shapes.PAGERDUTY, event_action=action, dedup_key=key)
    [record] = records_of(event)
    return record, formats.outcome(formats.get("pagerduty"), record)


@pytest.mark.parametrize(
    ("events", "lengths"),
    [
        ("", []),
        ("trigger a, resolve a", [2]),
        ("resolve a, trigger a", [1, 1]),
        ("trigger a, resolve a, trigger b, trigger a, resolve a", [3, 2]),
        ("acknowledge a, trigger a", [2]),
        ("resolve a, resolve a, trigger b", [3]),
    ],
)
def test_a_run_ends_where_an_alert_comes_behind_its_resolving(events, lengths):
    given = [pager(*each.split()) for each in events.split(", ") if each]

    found = list(runs.runs(given))

    assert [len(run.given) for run in found] == lengths
    assert [each for run in found for each in run.given] == given
    assert [run.is_last for run in found] == [False] * (len(lengths) - 1) + [True] * bool(lengths)


def test_a_run_ends_where_indicators_are_many_and_asks_for_no_more(monkeypatch):
    given = pager("trigger", "a")
    monkeypatch.setattr(runs, "MAX_INDICATORS", len(given[1].indicators) * 2)
    asked = []

    found = runs.runs(asked.append(None) or given for _ in range(7))

    assert (len(next(found).given), len(asked)) == (2, 3)
    assert [len(run.given) for run in found] == [2, 2, 1]


def test_an_alert_of_more_indicators_than_a_run_is_a_run_of_its_own(monkeypatch):
    monkeypatch.setattr(runs, "MAX_INDICATORS", 1)

    assert [len(run.given) for run in runs.runs([pager("trigger", "a")] * 2)] == [1, 1]


def test_a_request_holds_so_many_values_in_all_its_records():
    line = b'{"a": [' + b",".join([b"{}"] * 49_999) + b"]}"

    assert len(split(b"\n".join([line] * 5))) == 5
    with pytest.raises(TooManyError, match=f"{MAX_VALUES:,} values"):
        split(b"\n".join([line] * 6))


def test_marks_within_texts_are_no_values():
    line = b'{"a": "' + b"," * 1_000_000 + b'"}'

    assert len(split(b"\n".join([line] * 3))) == 3


def test_a_body_of_very_many_gzip_members_is_refused_at_once():
    empty = gzip.compress(b"")

    assert parsers.opened(empty * parsers.MAX_MEMBERS, "gzip") == b""
    with pytest.raises(Malformed, match="members"):
        parsers.opened(empty * (parsers.MAX_MEMBERS + 1), "gzip")
