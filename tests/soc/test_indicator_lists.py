"""Lists of known indicators: what a line holds, which line counts, and what follows from writing
one.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.errors import BadInput, Conflict, ScopeMissing
from soc import tasks
from soc.models import Indicator, IndicatorListEntry
from soc.services import indicator_lists, list_matching
from soc.vocabulary import LIST_KINDS
from tests import factories
from tests.soc.factories import run_jobs, seen

URL = "/api/v1/soc/indicator-lists"


def line(cast, kind, value, type_="domain", **values):
    given = {"kind": kind, "type": type_, "value": value, **values}
    return indicator_lists.create(given, actor=cast.actor("manager"))


def malice(value):
    return Indicator.objects.get(value=value).malice


SPELLED = [
    ("domain", "Evil[.]COM", "evil.com"),
    ("domain", ".Example.COM", ".example.com"),
    ("hostname", ".corp.local", ".corp.local"),
    ("ip", "192.0.2.0/24", "192.0.2.0/24"),
    ("ip", "192.0.2.7/32", "192.0.2.7"),
    ("ip", "2001:DB8::/32", "2001:db8::/32"),
    ("file_name", "C:\\x\\Evil.EXE", "evil.exe"),
]


@pytest.mark.parametrize(("type_", "given", "kept"), SPELLED)
def test_a_line_is_kept_in_one_spelling(in_acme, type_, given, kept):
    assert line(in_acme, "watch", given, type_).value == kept


WRONG = [
    ("watch", "ip", "192.0.2.1/24", "value"),
    ("watch", "ip", "0.0.0.0/0", "value"),
    ("watch", "ip", "evil.com", "value"),
    ("watch", "domain", "..", "value"),
    ("watch", "domain", None, "value"),
    ("watch", "shoe_size", "44", "type"),
    ("nonsense", "domain", "evil.com", "kind"),
]


@pytest.mark.parametrize(("kind", "type_", "value", "field"), WRONG)
def test_what_is_no_line_is_refused_by_name(in_acme, kind, type_, value, field):
    with pytest.raises(BadInput) as refused:
        line(in_acme, kind, value, type_)

    assert refused.value.field == field


HELD = [
    ("domain", "evil.com", "evil.com", True),
    ("domain", "evil.com", "www.evil.com", False),
    ("domain", ".evil.com", "www.evil.com", True),
    ("domain", ".evil.com", "evil.com", True),
    ("domain", ".evil.com", "notevil.com", False),
    ("ip", "198.51.100.0/24", "198.51.100.7", True),
    ("ip", "198.51.100.0/24", "198.51.101.7", False),
    ("ip", "2001:db8::/32", "2001:db8::7", True),
    ("ip", "2001:db8::/32", "198.51.100.7", False),
    ("url", "http://evil.com/", "http://evil.com/", True),
]


@pytest.mark.parametrize(("type_", "listed", "value", "held"), HELD)
@pytest.mark.parametrize("order", ["known before", "known after"])
def test_a_line_holds_a_value_whether_it_is_known_before_or_after(
    in_acme, type_, listed, value, held, order
):
    if order == "known before":
        seen(in_acme, (type_, value))
        run_jobs()
    line(in_acme, "known_bad", listed, type_)
    if order == "known after":
        seen(in_acme, (type_, value))
    run_jobs()

    assert (malice(value) == "malicious") is held


COUNTS = [
    ([("known_bad", ".evil.com"), ("known_good", "www.evil.com")], "benign"),
    ([("known_good", ".evil.com"), ("known_bad", "www.evil.com")], "malicious"),
    ([("watch", ".com"), ("known_bad", ".evil.com")], "malicious"),
    ([("known_bad", "www.evil.com"), ("known_good", "www.evil.com")], "benign"),
    ([("watch", "www.evil.com"), ("known_bad", "www.evil.com")], "malicious"),
    ([("watch", "www.evil.com")], "suspicious"),
    ([("ignore_similarity", "www.evil.com")], "pending"),
]


@pytest.mark.parametrize(("lines", "verdict"), COUNTS)
def test_the_most_precise_line_counts_and_of_equals_known_good(in_acme, lines, verdict):
    for kind, value in lines:
        line(in_acme, kind, value)
    seen(in_acme, ("domain", "www.evil.com"))
    run_jobs()

    assert malice("www.evil.com") == verdict


def test_a_line_that_is_deleted_restored_or_at_its_end_counts_accordingly(in_acme):
    entry = line(in_acme, "known_bad", "evil.com", reason="feed of the CERT")
    seen(in_acme, ("domain", "evil.com"))
    run_jobs()
    row = Indicator.objects.get()
    assert row.enrichment_results["list"]["reason"] == (
        "on the list known bad as evil.com: feed of the CERT"
    )

    found = []
    indicator_lists.delete(entry, actor=in_acme.actor())
    run_jobs()
    found.append(malice("evil.com"))
    indicator_lists.restore(entry, actor=in_acme.actor())
    run_jobs()
    found.append(malice("evil.com"))
    past = timezone.now() - timedelta(minutes=1)
    indicator_lists.update(entry, {"expires_at": past}, actor=in_acme.actor())
    run_jobs()
    found.append(malice("evil.com"))

    assert found == ["pending", "malicious", "pending"]


def test_a_line_that_ends_by_itself_stops_counting_with_the_daily_round(in_acme):
    soon = timezone.now() + timedelta(days=1)
    entry = line(in_acme, "known_bad", "evil.com", expires_at=soon)
    seen(in_acme, ("domain", "evil.com"))
    run_jobs()
    IndicatorListEntry.objects.filter(pk=entry.pk).update(
        expires_at=timezone.now() - timedelta(hours=1)
    )

    assert indicator_lists.apply_expired() == 1
    run_jobs()

    assert malice("evil.com") == "pending"


def test_what_a_line_lists_does_not_change_but_its_reason_does(in_acme):
    entry = line(in_acme, "watch", "evil.com")

    with pytest.raises(BadInput, match="write another"):
        indicator_lists.update(entry, {"value": "other.com"}, actor=in_acme.actor())
    changed = indicator_lists.update(
        entry,
        {"reason": "asked by legal", "tags": ["q4"], "value": "evil.com"},
        actor=in_acme.actor(),
    )

    assert (changed.reason, changed.tags, changed.version) == ("asked by legal", ["q4"], 2)


def test_a_line_is_on_a_list_once_and_not_restored_beside_its_like(in_acme):
    entry = line(in_acme, "watch", "evil.com")
    with pytest.raises(Conflict, match="already"):
        line(in_acme, "watch", "EVIL.com")
    indicator_lists.delete(entry, actor=in_acme.actor())
    line(in_acme, "watch", "evil.com")

    with pytest.raises(Conflict, match="again already"):
        indicator_lists.restore(entry, actor=in_acme.actor())


@pytest.mark.parametrize("role", ["viewer", "analyst", "responder", "compliance"])
def test_who_may_not_configure_writes_no_lists(in_acme, role):
    entry = line(in_acme, "watch", "evil.com")
    given = {"kind": "watch", "type": "domain", "value": "b.com"}
    actor = in_acme.actor(role)

    for verb in (
        lambda: indicator_lists.create(given, actor=actor),
        lambda: indicator_lists.update(entry, {}, actor=actor),
        lambda: indicator_lists.delete(entry, actor=actor),
        lambda: indicator_lists.restore(entry, actor=actor),
    ):
        with pytest.raises(ScopeMissing):
            verb()


def test_a_long_list_of_known_indicators_is_enriched_in_parts(in_acme, monkeypatch):
    seen(in_acme, *[("ip", f"198.51.100.{n}") for n in range(1, 6)])
    run_jobs()
    entry = line(in_acme, "watch", "198.51.100.0/24", "ip")
    monkeypatch.setattr(indicator_lists, "CHUNK", 2)

    assert indicator_lists.apply(entry) == 5

    run_jobs()
    assert set(Indicator.objects.values_list("malice", flat=True)) == {"suspicious"}


def test_lists_over_rest(api):
    made = api.post(
        URL, {"kind": "known_good", "type": "domain", "value": ".example.com", "reason": "ours"}
    )
    row = made.json()

    assert made.status_code == 201
    assert row["id"].startswith("lst_")
    for query in ("kind=known_good", "type=domain", "value=.example.com", ""):
        assert [each["id"] for each in api.get(f"{URL}?{query}").json()["results"]] == [row["id"]]
    assert api.get(f"{URL}?kind=watch").json()["results"] == []
    assert api.patch(f"{URL}/{row['id']}", {"reason": "still ours"}).json()["version"] == 2
    assert api.delete(f"{URL}/{row['id']}").status_code == 204
    assert api.post(f"{URL}/{row['id']}/restore").json()["reason"] == "still ours"
    refused = api.post(URL, {"kind": "nice", "type": "domain", "value": "a.com"})
    assert all(kind in refused.json()["detail"] for kind in LIST_KINDS)


def test_a_line_of_another_tenant_is_not_found_and_does_not_count(api, acme, globex):
    theirs = factories.client_for(globex).post(
        URL, {"kind": "known_bad", "type": "domain", "value": "evil.com"}
    )
    with_tenant = factories.client_for(acme)
    with_tenant.post("/api/v1/soc/indicators", {"type": "domain", "value": "evil.com"})

    assert api.get(f"{URL}/{theirs.json()['id']}").status_code == 404
    run_jobs()
    [row] = api.get("/api/v1/soc/indicators").json()["results"]
    assert (row["is_enriched"], row["malice"]) == (True, "pending")


def test_the_lines_of_many_values_are_read_in_two_queries(in_acme, django_assert_num_queries):
    line(in_acme, "watch", "198.51.100.0/24", "ip")
    names = [("ip", f"198.51.100.{n}") for n in range(200)]

    with django_assert_num_queries(2):
        assert len(list_matching.matches(names)) == 200


def test_an_address_is_held_by_each_network_round_it_the_longest_first(in_acme):
    listed = ["198.51.0.0/16", "198.51.100.0/24", "198.51.100.0/25", "198.51.101.0/24"]
    for value in (*listed, "c633::/16"):
        line(in_acme, "watch", value, "ip")
    names = [("ip", "198.51.100.7"), ("ip", "198.51.100.200"), ("ip", "c633:6400::1")]

    found = list_matching.matches(names)

    assert [[match.value for match in found[name]] for name in names] == [
        ["198.51.100.0/25", "198.51.100.0/24", "198.51.0.0/16"],
        ["198.51.100.0/24", "198.51.0.0/16"],
        ["c633::/16"],
    ]


def test_the_job_finds_a_line_that_was_deleted_meanwhile(in_acme):
    entry = line(in_acme, "watch", "evil.com")
    indicator_lists.delete(entry, actor=in_acme.actor())

    tasks.apply_list_entry.func(str(in_acme.tenant.pk), str(entry.pk))
