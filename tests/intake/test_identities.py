"""What tells two records apart, and what only looks like an id."""

import pytest

from tests.intake import shapes
from tests.intake.factories import read
from tests.intake.shapes import changed

# Two records that carry the same number of a log or of another product: (format, one, two).
APART = {
    "two products of OCSF": ("ocsf", {}, {"metadata__product": {"name": "Another"}}),
    "two products of Security Hub": ("asff", {}, {"ProductArn": "arn:aws:securityhub:::product/b"}),
    "two hits of Windows' event 4625": (
        "splunk",
        {"result__event_id": "4625"},
        {"result__event_id": "4625", "result__user": "bob"},
    ),
}


@pytest.mark.parametrize(("name", "one", "two"), APART.values(), ids=APART)
def test_what_only_looks_like_the_same_id_is_told_apart(name, one, two):
    first, second = (read(changed(shapes.EVERY[name], **each), name) for each in (one, two))

    assert first.identity_keys != second.identity_keys


def test_the_id_of_a_notable_event_is_its_own():
    notable = {"result__event_id": "7F0-A@@notable@@0b1c"}

    assert read(changed(shapes.SPLUNK, **notable), "splunk").source_id == "7F0-A@@notable@@0b1c"


@pytest.mark.parametrize(("given", "kept"), [("n-1", "n-1"), ("4625", "")])
def test_an_event_without_a_search_has_its_own_id_but_no_kind_for_one(given, kept):
    record = {"event_id": given, "urgency": "high", "rule_name": "x"}

    assert read(record, "splunk").source_id == kept


def test_hits_without_an_id_of_their_alert_have_that_of_the_hit():
    record = {"hits": {"hits": [{"_id": "a", "_source": {"rule.name": "x", "event.id": "7"}}]}}

    assert read(record, "elastic").source_id == "a"


@pytest.mark.parametrize(
    ("given", "kept"), [("4625", ""), ("5f3a-1", "5f3a-1"), ("123456", "123456")]
)
def test_a_kind_of_event_is_no_id_of_one(given, kept):
    assert read({"title": "Logon failed", "event": {"id": given}}, "generic").source_id == kept
