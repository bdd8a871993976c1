"""Telling people: once, as each wishes, and nobody else."""

from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from core import tenancy
from core.errors import BadInput
from core.models import Notification
from core.services import notifications, people
from core.tasks import mail_notifications
from soc.models import SLAClock
from soc.services import alerts, clocks, notices, slas
from tests import factories
from tests.soc.factories import ALERTS, CASES, alert_in, made, run_jobs

KINDS = [
    "legal_deadline",
    "critical_alert",
    "assigned",
    "deadline",
    "approval",
    "manual_step",
    "mentioned",
]
URL = "/api/v1/core/notifications"


def told(client, query=""):
    return client.get(f"{URL}?{query}").json()["results"]


def texts(client):
    return [row["text"] for row in told(client)]


@pytest.fixture
def analyst(acme):
    return factories.client_for(acme, "analyst")


def tell(cast, role="analyst", **more):
    person = cast.people[role].pk
    given = {"key": "one", "kind": "assigned", "text": "Yours"} | more
    kind, text = given.pop("kind"), given.pop("text")
    return notifications.tell([person], kind, text, **given)


def test_what_is_assigned_to_me_is_told_with_its_page(acme, api, analyst):
    alert = made(api, title="Beacon")
    case = api.post(CASES, {"title": "Case"}).json()
    person = acme.people["analyst"].shown_id

    api.post(f"{ALERTS}/{alert['id']}/assign", {"assignee_id": person})
    api.patch(f"{CASES}/{case['id']}", {"assigned_to_id": person})
    made(api, title="From the start", assignee_id=person)
    api.post(CASES, {"title": "Case of mine", "assigned_to_id": person})

    rows = told(analyst)
    assert [row["text"].partition(" ")[2] or row["text"] for row in rows] == [
        "Case of mine",
        "the start",
        "Case",
        "Beacon",
    ]
    assert rows[3]["path"] == f"/admin/soc/alert/{alert['id']}/change/"
    assert (rows[3]["kind"], rows[3]["object_type"]) == ("assigned", "alert")
    assert told(api) == []


def test_what_i_take_myself_or_have_already_is_not_told(acme, api, analyst):
    alert = made(api)
    person = acme.people["analyst"].shown_id
    analyst.post(f"{ALERTS}/{alert['id']}/assign", {"assignee_id": person})

    api.patch(f"{ALERTS}/{alert['id']}", {"severity": "low"})
    api.post(f"{ALERTS}/{alert['id']}/assign", {"assignee_id": person})
    api.post(f"{ALERTS}/{alert['id']}/assign", {"assignee_id": None})

    assert told(analyst) == []


def test_a_mention_is_told_but_not_to_its_writer(acme, api, analyst):
    alert = made(api)
    for client in (api, analyst):
        client.post(f"{ALERTS}/{alert['id']}/comments", {"text": "@analyst please look"})
    case = api.post(CASES, {}).json()
    api.post(f"{CASES}/{case['id']}/comments", {"text": "@analyst and here"})

    assert texts(analyst) == ["@analyst and here", "@analyst please look"]
    assert told(analyst)[0]["path"] == f"/admin/soc/investigation/{case['id']}/change/"


@pytest.mark.parametrize(
    ("number", "text"), [(1, "Loud 0"), (3, "3 critical alerts, first: Loud 0")]
)
def test_critical_alerts_of_a_batch_are_told_once_to_those_who_triage(in_acme, number, text):
    found = [alert_in(in_acme, severity="critical", title=f"Loud {each}") for each in range(number)]
    quiet = alert_in(in_acme, severity="high")
    pks = [alert.pk for alert in [*found, quiet]]

    for _ in range(2):
        notices.arrived(pks)

    rows = list(Notification.objects.all())
    writers = {in_acme.people[role].pk for role in ("analyst", "responder", "manager")}
    assert {row.text for row in rows} == {text}
    assert {row.person_id for row in rows} == writers | {in_acme.people["tenant_admin"].pk}


def test_a_batch_without_critical_alerts_tells_nobody(in_acme):
    assert notices.arrived([alert_in(in_acme, severity="high").pk]) == 0


@pytest.mark.django_db(transaction=True)
def test_a_critical_arrival_over_intake_or_api_is_told_by_a_job(acme, api):
    api.post("/api/v1/soc/intake/generic", [{"title": "a", "severity": "critical"}] * 2)
    api.post("/api/v1/soc/intake/generic", [{"title": "b", "severity": "low"}])
    made(api, severity="critical")
    made(api, severity="low")

    run_jobs("arrivals", "notices")
    assert sorted(texts(api)) == ["Untitled alert", "a"]


@pytest.mark.parametrize(("kind", "word"), [("at_risk", "Time is short"), ("breached", "Late")])
def test_whoever_has_an_alert_is_told_of_its_deadlines(in_acme, kind, word):
    actor, analyst = in_acme.actor(), in_acme.people["analyst"].pk
    slas.defaults(actor=actor)
    mine = alert_in(in_acme, severity="high", title="Beacon", assignee_id=analyst)
    nobodys = alert_in(in_acme, severity="high")
    clocks.refresh("alert", [mine.pk, nobodys.pk], actor=actor)

    for clock in SLAClock.objects.all():
        for _ in range(2):
            clocks.announce(clock, kind, actor=actor)

    rows = Notification.objects.filter(kind="deadline")
    assert [(row.person_id, row.text) for row in rows] == [
        (analyst, f"{word} to acknowledge: Beacon")
    ]


def test_in_a_storm_one_e_mail_goes_out_and_every_batch_is_told_on_the_page(in_acme):
    for _ in range(3):
        notices.arrived([alert_in(in_acme, severity="critical").pk])

    mine = Notification.objects.of_person(in_acme.people["analyst"].pk).order_by("id")
    assert [row.by_email for row in mine] == [True, False, False]


def test_mail_is_plain_text_sent_once_with_the_page_and_the_tenant(acme, settings):
    settings.BASE_URL = "https://soc.example.org"
    with tenancy.tenant_scope(acme.tenant.pk):
        alert = alert_in(acme, title="<b>Beacon</b>\r\nBcc: evil@example.org")
        alerts.assign(alert, actor=acme.actor(), assignee_id=acme.people["analyst"].pk)
    tenancy.clear()

    for _ in range(2):
        mail_notifications(str(acme.tenant.pk))

    [message] = mail.outbox
    assert message.to == [acme.people["analyst"].email]
    assert message.subject == "Assigned to you: <b>Beacon</b> Bcc: evil@example.org"
    assert f"https://soc.example.org/admin/soc/alert/{alert.shown_id}/change/" in message.body
    assert (acme.tenant.name in message.body, message.content_subtype) == (True, "plain")


def test_a_person_wishes_for_another_way(acme, analyst):
    ways = analyst.get(f"{URL}/wishes").json()["results"]

    changed = analyst.post(f"{URL}/wishes", {"kind": "assigned", "by_email": False}).json()

    with tenancy.tenant_scope(acme.tenant.pk):
        tell(acme)
        row = Notification.objects.get()
    assert [way["kind"] for way in ways] == KINDS
    assert [way["kind"] for way in ways if not way["by_email"]] == ["mentioned"]
    at = KINDS.index("assigned")
    assert changed["results"][at] == ways[at] | {"by_email": False}
    assert (row.by_email, row.read_at) == (False, None)


@pytest.mark.parametrize(("by_email", "rows"), [(True, 1), (False, 0)])
def test_what_is_not_wanted_on_the_page_is_read_already_or_not_there(acme, analyst, by_email, rows):
    analyst.post(f"{URL}/wishes", {"kind": "assigned", "on_page": False, "by_email": by_email})

    with tenancy.tenant_scope(acme.tenant.pk):
        tell(acme)

        assert Notification.objects.count() == rows
        assert Notification.objects.unread().count() == 0


def test_an_unknown_kind_is_refused_by_name(analyst, in_acme):
    answer = analyst.post(f"{URL}/wishes", {"kind": "poems"})

    assert (answer.status_code, answer.json()["field"]) == (400, "kind")
    with pytest.raises(BadInput):
        notifications.wish("poems", {}, actor=in_acme.actor())


def test_whoever_left_is_not_told(in_acme):
    membership = in_acme.people["analyst"].memberships.get()
    people.deactivate(membership, actor=in_acme.actor())

    assert tell(in_acme) == 0


def test_notifications_are_marked_as_read_one_by_one_and_all_at_once(analyst, in_acme):
    for number in range(3):
        tell(in_acme, key=str(number))
    first = told(analyst)[0]["id"]

    one = analyst.post(f"{URL}/read", {"ids": [first, "ntf_00000000000000000000000000", "x"]})
    left = told(analyst, "is_unread=true&kind=assigned")
    rest = analyst.post(f"{URL}/read", {})

    assert (one.json()["marked"], len(left), rest.json()["marked"]) == (1, 2, 2)
    assert told(analyst, "is_unread=true") == []


def test_nobody_sees_or_marks_anybody_elses(acme, api, analyst):
    with tenancy.tenant_scope(acme.tenant.pk):
        tell(acme)
    mine = told(analyst)[0]["id"]

    codes = (api.get(f"{URL}/{mine}").status_code, analyst.get(f"{URL}/{mine}").status_code)
    marked = api.post(f"{URL}/read", {"ids": [mine]}).json()["marked"]

    assert (codes, marked, told(api)) == ((404, 200), 0, [])


def test_a_kind_without_a_page_leads_to_the_first_one(in_acme):
    row = Notification(object_type="poem", kind="poem", text="x")

    assert notifications.path_of(row) == "/admin/"


def test_several_alerts_lead_to_the_queue(in_acme):
    row = Notification(object_type="alert")

    assert notifications.path_of(row) == "/admin/soc/alert/"


def test_nothing_to_mail_is_nothing_sent(in_acme):
    tell(in_acme, kind="mentioned")

    assert notifications.to_mail() == []
    assert notifications.mail(Notification.objects.get().pk) is True
    assert mail.outbox == []


class Refusing(EmailBackend):
    """A mail server that will not have one address."""

    def send_messages(self, messages):
        if messages[0].to == ["analyst@acme.test"]:
            raise SMTPRecipientsRefused({})
        return super().send_messages(messages)


def test_an_address_that_is_refused_keeps_nobody_else_waiting(in_acme, settings):
    settings.EMAIL_BACKEND = f"{Refusing.__module__}.{Refusing.__name__}"
    for role in ("analyst", "responder"):
        tell(in_acme, role)

    for _ in range(2):
        for pk in notifications.to_mail():
            notifications.mail(pk)

    kept = Notification.objects.get(person=in_acme.people["analyst"])
    assert [message.to for message in mail.outbox] == [["responder@acme.test"]]
    assert (kept.mailed_at, kept.tries) == (None, 2)


def test_an_e_mail_is_given_up_after_a_day(in_acme):
    tell(in_acme)
    Notification.objects.update(tries=notifications.MOST_TRIES)

    assert notifications.to_mail() == []
