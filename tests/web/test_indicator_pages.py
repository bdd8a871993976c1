"""Indicators, lists and proposals on the desk: what the pages say, and what their buttons do."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from soc.models import Alert, Indicator, IndicatorListEntry, Investigation, Proposal
from soc.services import indicator_lists
from tests.soc.factories import run_jobs, seen, within
from tests.web.test_desk import signed_in

EVIL, IP = ("domain", "evil.onion"), ("ip", "198.51.100.7")
INDICATORS = "/admin/soc/indicator/"
LISTS = "/admin/soc/indicatorlistentry/"
PROPOSALS = "/admin/soc/proposal/"


@pytest.fixture
def desk(acme):
    return signed_in(acme)


@pytest.fixture
def group(acme):
    """Three alerts alike, enriched, related and proposed."""

    def make():
        rows = [seen(acme, EVIL, IP, title=f"Beacon {n}") for n in range(3)]
        run_jobs()
        return rows

    return within(acme, make)


def text(answer):
    return answer.content.decode()


def the(acme, model=Indicator, **values):
    return within(acme, lambda: model.objects.get(**values))


def test_an_indicators_page_says_what_is_known_and_where_it_was_seen(desk, acme, group):
    page = text(desk.get(f"{INDICATORS}{the(acme, value=EVIL[1]).shown_id}/change/", follow=True))

    for words in ("evil.onion", "hidden service", "Special range", "Beacon 0", "Judge…"):
        assert words in page
    assert "Reset</button>" not in page


def test_the_list_shows_malice_counts_and_finds_defanged_values(desk, group):
    page = text(desk.get(INDICATORS))
    found = text(desk.get(INDICATORS, {"value": "evil[.]onion"}))

    assert "evil.onion" in page
    assert "198.51.100.7" in page
    assert "evil.onion" in found
    assert "198.51.100.7" not in found


def test_the_list_takes_as_many_queries_for_many_rows_as_for_few(desk, acme, group):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            desk.get(INDICATORS)
        return len(captured)

    queries()  # the first answer also makes the session
    few = queries()
    within(acme, lambda: seen(acme, *[("ip", f"203.0.113.{n}") for n in range(1, 19)]))

    assert queries() == few


def test_an_indicator_is_judged_and_reset_from_its_page(desk, acme, group):
    url = f"{INDICATORS}{the(acme, value=EVIL[1]).shown_id}"

    judged = text(desk.post(f"{url}/judge/", {"malice": "benign", "note": "ours"}, follow=True))
    alert = the(acme, Alert, pk=group[0].pk)
    reset = text(desk.post(f"{url}/reset/", follow=True))

    assert "Judged." in judged
    assert "tenant_admin@acme.test" in judged
    assert "Reset</button>" in judged
    assert alert.malice == "benign"
    assert "what enrichment says counts again" in reset
    assert the(acme, value=EVIL[1]).malice == "suspicious"


@pytest.mark.parametrize(
    ("path", "body", "told"),
    [
        ("judge", {"malice": "pending"}, "is not known here"),
        ("judge", {}, "malice"),
        ("judge", {"malice": "benign", "version": "7"}, "changed since you opened it"),
        ("reset", {}, "nothing to reset"),
    ],
)
def test_a_refused_verdict_is_told(desk, acme, group, path, body, told):
    url = f"{INDICATORS}{the(acme, value=EVIL[1]).shown_id}/{path}/"

    assert told in text(desk.post(url, body, follow=True))


def test_looking_at_a_button_does_nothing(desk, acme, group):
    row = the(acme, value=EVIL[1])

    for path in ("judge", "reset"):
        assert desk.get(f"{INDICATORS}{row.shown_id}/{path}/").status_code == 302

    assert the(acme, value=EVIL[1]).version == row.version


def test_an_indicator_is_made_and_edited_on_the_desk(desk, acme):
    made = desk.post(f"{INDICATORS}add/", {"type": "ip", "value": "198.51.100[.]9"}, follow=True)
    row = the(acme)
    url = f"{INDICATORS}{row.shown_id}/edit/"
    desk.post(url, {"ignore_similarity": "True", "tags": "vpn", "note": "exit node"})

    assert "Indicator created." in text(made)
    assert (row.value, row.type) == ("198.51.100.9", "ip")
    edited = the(acme)
    assert (edited.ignore_similarity, edited.tags) == (True, ["vpn"])
    empty = desk.post(f"{INDICATORS}add/", {"type": "ip"}, follow=True)
    assert "Give it a value." in text(empty)


def test_what_is_not_done_to_indicators_and_proposals_is_not_found(desk, acme, group):
    indicator, proposal = the(acme, value=EVIL[1]), the(acme, Proposal)
    missing = [
        f"{INDICATORS}{indicator.shown_id}/delete/",
        f"{INDICATORS}{indicator.shown_id}/restore/",
        f"{INDICATORS}{indicator.shown_id}/move/accept/",
        f"{PROPOSALS}{proposal.shown_id}/edit/",
        f"{PROPOSALS}{proposal.shown_id}/delete/",
        f"{PROPOSALS}add/",
    ]

    assert {desk.post(url).status_code for url in missing} == {404}


def test_a_viewer_reads_and_has_no_buttons(acme, group):
    viewer = signed_in(acme, "viewer")
    indicator, proposal = the(acme, value=EVIL[1]), the(acme, Proposal)

    page = text(viewer.get(f"{INDICATORS}{indicator.shown_id}/page/"))
    lists = text(viewer.get(LISTS))
    proposed = text(viewer.get(PROPOSALS))
    viewer.post(f"{PROPOSALS}{proposal.shown_id}/move/accept/")

    assert "Judge…" not in page
    assert "New…" not in lists
    assert "Accept</button>" not in proposed
    assert the(acme, Proposal).status == "proposed"


def test_a_line_of_a_list_is_written_and_deleted_on_the_desk(desk, acme):
    given = {"kind": "watch", "type": "domain", "value": ".evil.com", "reason": "campaign"}
    made = text(desk.post(f"{LISTS}add/", given, follow=True))
    entry = the(acme, IndicatorListEntry)
    listed = text(desk.get(f"{LISTS}?kind=watch"))
    desk.post(f"{LISTS}{entry.shown_id}/edit/", {"reason": "over"})
    gone = text(
        desk.post(f"{LISTS}{entry.shown_id}/delete/", {"version": "2", "note": "x"}, follow=True)
    )

    assert "campaign" in made
    assert ".evil.com" in listed
    assert "Deleted." in gone
    assert not within(acme, IndicatorListEntry.objects.exists)


def test_an_empty_list_says_what_belongs_there(desk):
    assert "The lists are empty." in text(desk.get(LISTS))
    assert "Nothing is proposed." in text(desk.get(PROPOSALS))
    assert "No indicators yet." in text(desk.get(INDICATORS))


def test_an_alerts_page_says_why_it_is_related_and_what_its_indicators_are(desk, acme, group):
    page = text(desk.get(f"/admin/soc/alert/{group[0].shown_id}/page/"))

    assert "share IP 198.51.100.7 and domain evil.onion" in page
    assert "hidden service" in page
    assert the(acme, value=EVIL[1]).shown_id in page


def test_a_proposal_is_accepted_from_the_list(desk, acme, group):
    row = the(acme, Proposal)
    now = text(desk.get("/admin/"))
    listed = text(desk.get(PROPOSALS))
    page = text(desk.get(f"{PROPOSALS}{row.shown_id}/page/"))
    body = {"version": str(row.version), "next": PROPOSALS}

    desk.post(f"{PROPOSALS}{row.shown_id}/move/accept/", body)

    assert re.search(r">1</b>\s*<span>proposals", now)
    assert "3 alerts that wait hang together" in listed
    assert "Beacon 2" in page
    case = the(acme, Investigation)
    assert the(acme, Proposal).investigation_id == case.pk
    accepted = text(desk.get(f"{PROPOSALS}?status=accepted"))
    assert case.investigation_number in accepted
    assert "Nothing is proposed." in text(desk.get(PROPOSALS))


def test_a_proposal_is_dismissed_with_a_note(desk, acme, group):
    row = the(acme, Proposal)

    url = f"{PROPOSALS}{row.shown_id}/move/dismiss/"
    page = text(desk.post(url, {"note": "a test of ours"}, follow=True))

    assert the(acme, Proposal).status == "dismissed"
    assert "a test of ours" in page


def test_another_tenants_rows_are_not_found(acme, globex, group):
    theirs = signed_in(globex)
    entry = within(
        acme,
        lambda: indicator_lists.create(
            {"kind": "watch", "type": "domain", "value": "evil.com"}, actor=acme.actor()
        ),
    )
    indicator = the(acme, value=EVIL[1])

    for url in (
        f"{INDICATORS}{indicator.shown_id}/page/",
        f"{LISTS}{entry.shown_id}/page/",
        f"{PROPOSALS}{the(acme, Proposal).shown_id}/page/",
    ):
        assert theirs.get(url).status_code == 404
    theirs.post(f"{INDICATORS}{indicator.shown_id}/judge/", {"malice": "benign"})
    assert the(acme, value=EVIL[1]).version == 1
