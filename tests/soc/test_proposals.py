"""Groups of alerts that hang together are proposed as investigations; people decide."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import actors
from core.errors import MoveRefused, ScopeMissing
from core.models import AuditEvent
from core.scopes import ROLES
from soc.models import Alert, AlertRelation, InvestigationAlert, Proposal, ProposalAlert
from soc.services import alerts, investigations, links, proposals
from tests.soc.factories import run_jobs, seen, within

URL = "/api/v1/soc/investigation-proposals"
EVIL, IP = ("domain", "evil.com"), ("ip", "198.51.100.7")
HOST = {"name": "ws-0417"}


def group(cast, count=3, **values):
    """Alerts that share two rare values, proposed by the job."""
    rows = [seen(cast, EVIL, IP, **values) for _ in range(count)]
    run_jobs()
    return rows


def held(proposal):
    return set(proposals.alerts_of([proposal.pk])[proposal.pk])


def test_three_alerts_that_hang_together_are_proposed_once_with_the_reason(in_acme):
    rows = group(in_acme)

    [proposal] = Proposal.objects.all()
    assert held(proposal) == {row.pk for row in rows}
    assert proposal.reason == (
        "3 alerts that wait hang together; the closest share IP 198.51.100.7 and domain evil.com."
    )
    assert (proposal.score, proposal.status) == (6, "proposed")
    assert proposals.propose([row.pk for row in rows], actor=in_acme.actor()) == []


def test_two_alerts_and_loose_ties_are_no_group(in_acme):
    group(in_acme, 2)
    for _ in range(3):
        seen(in_acme, ("domain", "other.com"))
    run_jobs()

    assert not Proposal.objects.exists()


def test_the_title_is_that_of_the_worst_alert(in_acme):
    seen(in_acme, EVIL, IP, title="worst", severity="critical")
    group(in_acme, 2, title="mild", severity="low")

    assert Proposal.objects.get().title == "worst"


def test_a_later_alert_joins_the_open_proposal(in_acme):
    group(in_acme)

    later = seen(in_acme, EVIL, IP, host=HOST)
    run_jobs()

    [proposal] = Proposal.objects.all()
    assert later.pk in held(proposal)
    assert proposal.reason.startswith("4 alerts")
    assert proposal.version == 2
    verbs = AuditEvent.objects.filter(object_id=proposal.pk).order_by("seq")
    assert list(verbs.values_list("verb", flat=True)) == ["proposal.create", "proposal.add_alerts"]


def test_a_full_proposal_takes_no_more(in_acme, monkeypatch):
    group(in_acme)
    monkeypatch.setattr(proposals, "MOST", 3)

    seen(in_acme, EVIL, IP, host=HOST)
    run_jobs()

    assert len(held(Proposal.objects.get())) == 3


def test_what_does_not_fit_into_a_full_proposal_is_proposed_anew(in_acme, monkeypatch):
    first = group(in_acme)
    monkeypatch.setattr(proposals, "MOST", 4)

    later = [seen(in_acme, EVIL, IP, host=HOST) for _ in range(4)]
    run_jobs()

    one, other = Proposal.objects.order_by("pk")
    assert held(one) == {row.pk for row in (*first, later[0])}
    assert held(other) == {row.pk for row in later[1:]}


def test_alerts_in_an_investigation_or_done_with_are_not_proposed(in_acme):
    first, second, _ = (seen(in_acme, EVIL, IP) for _ in range(3))
    investigations.create({"alert_ids": [first.pk]}, actor=in_acme.actor())
    alerts.close(second, actor=in_acme.actor(), close_classification="Undetermined")
    run_jobs()

    assert not Proposal.objects.exists()
    assert AlertRelation.objects.filter(related=first.pk).exists()


def test_a_chain_is_followed_from_its_end(in_acme):
    """The middle of the chain is related to both ends, which share nothing."""
    seen(in_acme, EVIL, IP)
    seen(in_acme, EVIL, IP, ("domain", "b.com"), ("ip", "198.51.100.8"))
    run_jobs()
    assert not Proposal.objects.exists()

    seen(in_acme, ("domain", "b.com"), ("ip", "198.51.100.8"))
    run_jobs()

    assert len(held(Proposal.objects.get())) == 3


def test_a_chain_is_followed_so_far_and_no_further(in_acme, monkeypatch):
    monkeypatch.setattr(proposals, "ROUNDS", 1)
    links = [(("domain", f"{n}.com"), ("ip", f"198.51.100.{n}")) for n in range(4)]
    for number in range(1, 4):
        seen(in_acme, *links[number - 1], *links[number])
        run_jobs()

    assert not Proposal.objects.exists()


def test_two_groups_of_one_batch_are_two_proposals(in_acme):
    for _ in range(3):
        seen(in_acme, EVIL, IP)
        seen(in_acme, ("domain", "b.com"), ("ip", "198.51.100.8"))
    waiting = list(Alert.objects.values_list("pk", flat=True))
    run_jobs()

    assert Proposal.objects.count() == 2
    assert ProposalAlert.objects.count() == len(waiting)


def test_accepting_opens_an_investigation_with_the_alerts_that_still_wait(in_acme):
    rows = group(in_acme, severity="high")
    alerts.close(rows[0], actor=in_acme.actor(), close_classification="Undetermined")
    proposal = Proposal.objects.get()

    accepted = proposals.perform(proposal, "accept", actor=in_acme.actor("analyst"), note="yes")

    case = accepted.investigation
    assert (accepted.status, case.title, case.priority) == ("accepted", proposal.title, "high")
    assert case.description == proposal.reason
    assert set(links.current_alerts([case.pk])[case.pk]) == {row.pk for row in rows[1:]}
    assert accepted.accepted_at is not None


def test_priority_is_medium_where_the_alerts_have_none(in_acme):
    group(in_acme)

    accepted = proposals.accept(Proposal.objects.get(), actor=in_acme.actor())

    assert accepted.investigation.priority == "medium"


def test_what_nobody_waits_for_any_more_is_not_accepted(in_acme):
    rows = group(in_acme)
    investigations.create({"alert_ids": [row.pk for row in rows]}, actor=in_acme.actor())

    with pytest.raises(MoveRefused, match="Dismiss it"):
        proposals.accept(Proposal.objects.get(), actor=in_acme.actor())

    assert Proposal.objects.get().status == "proposed"
    assert InvestigationAlert.objects.count() == 3


def test_what_was_dismissed_does_not_come_again(in_acme):
    rows = group(in_acme)
    proposals.perform(Proposal.objects.get(), "dismiss", actor=in_acme.actor(), note="a test")

    assert proposals.propose([row.pk for row in rows], actor=in_acme.actor()) == []
    seen(in_acme, EVIL, IP, host=HOST)
    run_jobs()

    [proposal] = Proposal.objects.all()
    assert (proposal.status, len(held(proposal))) == ("dismissed", 3)


@pytest.mark.parametrize("role", list(ROLES))
@pytest.mark.parametrize("verb", ["accept", "dismiss"])
@pytest.mark.parametrize("before", [None, "accept", "dismiss"])
def test_every_verb_from_every_status_by_every_role(in_acme, role, verb, before):
    group(in_acme)
    proposal = Proposal.objects.get()
    if before:
        proposals.perform(proposal, before, actor=in_acme.actor())
    actor = in_acme.actor(role)

    if "soc:write" not in ROLES[role]:
        with pytest.raises(ScopeMissing):
            proposals.perform(proposal, verb, actor=actor)
    elif before:
        with pytest.raises(MoveRefused):
            proposals.perform(proposal, verb, actor=actor)
    else:
        done = proposals.perform(proposal, verb, actor=actor)
        assert done.status == {"accept": "accepted", "dismiss": "dismissed"}[verb]


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"status": "accepted"}, "proposal_accepted_has_investigation"),
        ({"accepted_at": timezone.now()}, "proposal_accepted_has_investigation"),
        ({"status": "dismissed"}, "proposal_dismissed_has_time"),
        ({"dismissed_at": timezone.now()}, "proposal_dismissed_has_time"),
    ],
)
def test_status_and_times_go_together_in_the_database(in_acme, values, name):
    group(in_acme)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Proposal.objects.update(**values)


def test_an_alert_is_in_one_proposal_only_in_the_database(in_acme):
    [first, *_] = group(in_acme)

    with pytest.raises(IntegrityError, match="alert_is_proposed_once"), transaction.atomic():
        ProposalAlert.objects.create(proposal=Proposal.objects.get(), alert=first)


def test_grouping_asks_for_nothing_where_nothing_is_tied(in_acme, django_assert_num_queries):
    alert = seen(in_acme, EVIL)
    system = actors.system(in_acme.tenant.pk)

    with django_assert_num_queries(1):
        assert proposals.propose([alert.pk], actor=system) == []


def test_proposals_over_rest(api, in_acme):
    rows = group(in_acme)
    [row] = api.get(f"{URL}?status=proposed").json()["results"]

    assert row["id"].startswith("prp_")
    assert row["alert_ids"] == sorted(each.shown_id for each in rows)
    for query in (f"alert_id={rows[0].shown_id}", "investigation_id=none"):
        assert len(api.get(f"{URL}?{query}").json()["results"]) == 1
    assert api.get(f"{URL}?alert_id=alr_unknown").json()["results"] == []

    done = api.post(f"{URL}/{row['id']}/accept", {"note": "a case"}).json()

    assert done["status"] == "accepted"
    case = api.get(f"/api/v1/soc/investigations/{done['investigation_id']}").json()
    assert sorted(case["alert_ids"]) == row["alert_ids"]
    again = api.post(f"{URL}/{row['id']}/dismiss")
    assert (again.status_code, again.json()["allowed"]) == (409, [])


def test_the_list_takes_as_many_queries_for_twenty_rows_as_for_two(api, acme):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            api.get(URL)
        return len(captured)

    person = acme.people["analyst"].pk

    def write(count):
        for number in range(count):
            Proposal.objects.create(
                title=str(number), reason="r", score=4, created_by=person, updated_by=person
            )

    within(acme, lambda: write(2))
    two = queries()
    within(acme, lambda: write(18))

    assert queries() == two
