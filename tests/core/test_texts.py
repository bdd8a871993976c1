"""Texts from forms that PostgreSQL cannot keep."""

import pytest

from core.errors import BadInput
from core.services import applications, people
from soc.services import alerts, comments
from tests.soc.factories import alert_in


@pytest.mark.parametrize("bad", ["a\x00b", "a\ud800b"])
def test_a_text_that_cannot_be_kept_is_refused_by_the_name_of_its_field(in_acme, bad):
    actor, alert = in_acme.actor(), alert_in(in_acme)
    calls = {
        "text": lambda: comments.add(alert, actor=actor, text=bad),
        "name": lambda: applications.create(bad, actor=actor, scopes=["soc:read"]),
        "note": lambda: alerts.perform(alert, "acknowledge", actor=actor, note=bad),
        "title": lambda: alerts.update(alert, {"title": bad}, actor=actor),
        "email": lambda: people.invite(bad, actor=actor, role="viewer"),
    }
    for field, call in calls.items():
        with pytest.raises(BadInput) as refusal:
            call()
        assert refusal.value.field == field
    with pytest.raises(BadInput):
        people.invite("new@acme.test", actor=actor, role="viewer", name=bad)
