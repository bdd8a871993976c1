"""What the alerts of an investigation share, and which other one may belong to it."""

import pytest

from core import tenancy
from soc.models import Alert
from soc.services import alike, entities, relations
from tests.soc.factories import alert_in, case_in

BEACON = {"type": "ip", "value": "203.0.113.66"}


@pytest.fixture
def in_acme(acme):
    with tenancy.tenant_scope(acme.tenant.pk):
        yield acme


def seen(cast, host, user, *indicators):
    return alert_in(cast, host={"hostname": host}, user={"name": user}, indicators=list(indicators))


def shared():
    alerts = list(Alert.objects.order_by("id"))
    return entities.shared(alerts, relations.indicators_of([alert.pk for alert in alerts]))


def test_what_is_in_most_alerts_comes_first_and_ties_count_alerts(in_acme):
    seen(in_acme, "ws-0417", "e.maddox", BEACON)
    seen(in_acme, "ws-0417", "e.maddox", BEACON)
    seen(in_acme, "fs-02", "e.maddox")

    found = shared()

    told = [(each.kind, each.name, each.alert_count) for each in found.entities]
    assert told == [
        ("host", "ws-0417", 2),
        ("host", "fs-02", 1),
        ("user", "e.maddox", 3),
        ("ip", "203.0.113.66", 2),
    ]
    ties = {frozenset((tie.one.name, tie.other.name)): tie.alert_count for tie in found.ties}
    assert ties[frozenset(("ws-0417", "203.0.113.66"))] == 2
    assert ties[frozenset(("fs-02", "e.maddox"))] == 1
    assert frozenset(("fs-02", "ws-0417")) not in ties


def test_a_picture_holds_a_few_of_each_kind_and_says_how_many_there_are(in_acme):
    for number in range(9):
        seen(in_acme, f"host-{number}", f"user-{number}")

    found = shared()

    kinds = [entity.kind for entity in found.entities]
    assert (kinds.count("host"), kinds.count("user")) == (entities.MOST, entities.MOST)
    assert found.total == 18


def test_an_open_investigation_with_related_alerts_is_offered_with_the_reason(in_acme):
    ours, theirs, apart = alert_in(in_acme), alert_in(in_acme), alert_in(in_acme)
    case = case_in(in_acme, alert_ids=[ours.pk])
    other = case_in(in_acme, alert_ids=[theirs.pk])
    over = case_in(in_acme, "closed", alert_ids=[apart.pk])
    relations.relate(
        [(ours.pk, theirs.pk), (ours.pk, apart.pk)],
        kind="correlated",
        reason="the same host ws-0417",
        actor=in_acme.actor(),
    )

    (offered,) = alike.alike(case, [ours.pk])

    assert (offered.investigation.pk, offered.alert_count) == (other.pk, 1)
    assert offered.reasons == ["the same host ws-0417"]
    assert over.pk != offered.investigation.pk
