"""Batches in which a tool says that alerts begin, end and begin again."""

import pytest

from core import tenancy
from soc.models import Alert
from tests.intake import shapes
from tests.intake.shapes import changed
from tests.soc.test_intake import send

ONE = {"event_action": "trigger", "payload__timestamp": "2026-11-20T03:00:00Z"}
LATER = {"event_action": "trigger", "payload__timestamp": "2026-11-20T03:10:00Z"}
UNTIMED = {"event_action": "trigger", "payload__timestamp": None}
RESOLVE = {"event_action": "resolve"}


@pytest.mark.parametrize(
    ("events", "statuses"),
    [
        ([ONE, RESOLVE, LATER], ["open", "resolved"]),
        ([ONE, RESOLVE, ONE], ["resolved"]),
        ([UNTIMED, RESOLVE, UNTIMED], ["open", "resolved"]),
    ],
    ids=["later", "the same once more", "without a time"],
)
def test_what_a_batch_says_counts_in_its_order(api, acme, events, statuses):
    send(api, [changed(shapes.PAGERDUTY, **each) for each in events], "pagerduty")

    with tenancy.tenant_scope(acme.tenant.pk):
        assert sorted(Alert.objects.values_list("status", flat=True)) == statuses


@pytest.mark.parametrize("again", [LATER, UNTIMED], ids=["later", "without a time"])
def test_the_replay_of_a_batch_that_came_to_its_end_makes_none(api, acme, again):
    events = [ONE, RESOLVE, again, RESOLVE]

    for _ in range(2):
        send(api, [changed(shapes.PAGERDUTY, **each) for each in events], "pagerduty")

    with tenancy.tenant_scope(acme.tenant.pk):
        assert list(Alert.objects.values_list("status", flat=True)) == ["resolved", "resolved"]
