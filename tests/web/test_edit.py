"""Edit, new, delete, restore and assign in the admin: through services, refusals as messages."""

import pytest

from core import ids, tenancy
from grc.models import Incident
from grc.services import incidents
from soc.models import Alert, Investigation
from tests.soc.factories import alert_in, case_in
from tests.web.test_desk import signed_in

PATHS = {"alert": "soc/alert", "case": "soc/investigation", "incident": "grc/incident"}


@pytest.fixture
def desk(acme):
    return signed_in(acme)


@pytest.fixture
def rows(acme):
    with tenancy.tenant_scope(acme.tenant.pk):
        return {
            "alert": alert_in(acme, title="Beacon", severity="high", tags=["one"]),
            "case": case_in(acme, title="Case"),
            "incident": incidents.create({"title": "Incident"}, actor=acme.actor()),
        }


def post(client, row, path, action, **body):
    url = f"/admin/{PATHS[path]}/{row.shown_id}/{action}/"
    return client.post(url, body, follow=True).content.decode()


def fresh(acme, row, manager="with_deleted"):
    with tenancy.tenant_scope(acme.tenant.pk):
        return getattr(type(row), manager).get(pk=row.pk)


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("alert", {"severity": "low", "malice_override": "benign", "category": "cloud"}),
        ("case", {"priority": "critical", "description": "All of it"}),
        ("incident", {"severity": "high", "notifiability": "notifiable", "root_cause": "A key"}),
    ],
)
def test_fields_are_edited_with_a_note(desk, acme, rows, path, values):
    row = rows[path]
    body = values | {"title": "Better", "tags": "a, b", "note": "Now known", "version": row.version}

    page = post(desk, row, path, "edit", **body)

    assert "changed." in page
    history = f"/admin/{PATHS[path]}/{row.shown_id}/history/"
    assert "Now known" in desk.get(history).content.decode()
    after = fresh(acme, row)
    assert (after.title, after.tags) == ("Better", ["a", "b"])
    assert {name: getattr(after, name) for name in values} == values


def test_what_is_as_it_was_is_not_written(desk, acme, rows):
    row = rows["alert"]

    page = post(
        desk, row, "alert", "edit", title="Beacon", tags="one", malice_override="", description=""
    )

    assert "Nothing was changed." in page
    assert fresh(acme, row).version == row.version


def test_a_malice_override_is_reset(desk, acme, rows):
    post(desk, rows["alert"], "alert", "edit", malice_override="malicious")
    post(desk, rows["alert"], "alert", "edit", reset_malice_override="true")

    assert fresh(acme, rows["alert"]).malice_override is None


def test_facts_of_an_incident_are_corrected_and_an_empty_one_stays(desk, acme, rows):
    row = rows["incident"]

    post(desk, row, "incident", "edit", first_event_at="2026-01-02T03:04:05Z", detected_at="")

    after = fresh(acme, row)
    assert after.first_event_at.isoformat() == "2026-01-02T03:04:05+00:00"
    assert after.detected_at == row.detected_at
    late = post(desk, row, "incident", "edit", first_event_at="2999-01-01T00:00:00Z")
    assert "lies in the future" in late


@pytest.mark.parametrize(("path", "name"), [("case", "assigned_to_id"), ("incident", "owner_id")])
def test_a_member_is_put_in_charge_and_a_stranger_is_not(desk, acme, globex, rows, path, name):
    member, row = acme.people["analyst"], rows[path]
    post(desk, row, path, "edit", **{name: ids.show("per", member.pk)})

    stranger = ids.show("per", globex.people["analyst"].pk)
    page = post(desk, row, path, "edit", **{name: stranger})

    assert "is not known here" in page
    assert getattr(fresh(acme, row), name) == member.pk
    post(desk, row, path, "edit", **{name: ""})
    assert getattr(fresh(acme, row), name) is None


@pytest.mark.parametrize(
    ("path", "values", "said"),
    [
        ("alert", {"severity": "dire"}, "is not known here"),
        ("case", {"priority": "dire"}, "is not known here"),
        ("case", {"title": ""}, "title: "),
        ("incident", {"detected_at": "yesterday"}, "detected_at: "),
        ("incident", {"financial_impact": "much"}, "financial_impact: "),
        ("alert", {"title": "x", "version": "77"}, "changed since you opened it"),
    ],
)
def test_a_bad_value_or_a_stale_form_changes_nothing(desk, acme, rows, path, values, said):
    page = post(desk, rows[path], path, "edit", **values)

    assert said in page
    assert fresh(acme, rows[path]).version == rows[path].version


@pytest.mark.parametrize("path", ["alert", "case"])
def test_a_viewer_has_no_dialogs_and_is_refused(acme, rows, path):
    viewer, row = signed_in(acme, "viewer"), rows[path]

    page = post(viewer, row, path, "edit", title="Mine")
    post(viewer, row, path, "delete", version=row.version)
    viewer.post(f"/admin/{PATHS[path]}/add/", {"title": "Mine"})

    assert 'id="edit"' not in page
    assert 'id="delete"' not in page
    assert 'id="new"' not in viewer.get(f"/admin/{PATHS[path]}/").content.decode()
    with tenancy.tenant_scope(acme.tenant.pk):
        assert type(row).objects.get().title == row.title


@pytest.mark.parametrize("text", ["nonsense", "per_zzz", None])
def test_a_malformed_id_never_unassigns(desk, acme, globex, rows, text):
    row = rows["alert"]
    post(desk, row, "alert", "assign", assignee_id=ids.show("per", acme.people["analyst"].pk))
    foreign = {"assignee_id": ids.show("per", globex.people["analyst"].pk)}

    page = post(desk, row, "alert", "assign", **({} if text is None else {"assignee_id": text}))

    assert "assignee_id: " in page
    assert "is not known here" in post(desk, row, "alert", "assign", **foreign)
    assert fresh(acme, row).assignee_id == acme.people["analyst"].pk


def test_nobody_is_an_assignee(desk, acme, rows):
    post(desk, rows["alert"], "alert", "assign", assignee_id="me")
    page = post(desk, rows["alert"], "alert", "assign", assignee_id="")

    assert fresh(acme, rows["alert"]).assignee_id is None
    assert '<option value="" selected>Nobody</option>' in page


@pytest.mark.parametrize("path", ["alert", "case", "incident"])
def test_a_row_is_deleted_and_restored_from_its_history(desk, acme, rows, path):
    row = rows[path]

    post(desk, row, path, "delete")
    assert not fresh(acme, row).is_deleted
    page = post(desk, row, path, "delete", version=row.version, note="A test")

    assert fresh(acme, row).is_deleted
    assert "A test" in page
    assert f"{row.shown_id}/restore/" in page
    reader = signed_in(acme, "viewer")
    if path != "incident":
        assert "/restore/" not in post(reader, row, path, "restore")
        assert fresh(acme, row).is_deleted
    assert "Restored." in post(desk, row, path, "restore")
    assert not fresh(acme, row).is_deleted


@pytest.mark.parametrize(
    ("path", "model", "name"),
    [
        ("alert", Alert, "severity"),
        ("case", Investigation, "priority"),
        ("incident", Incident, "severity"),
    ],
)
def test_a_new_row_leads_to_its_page(desk, acme, path, model, name):
    url = f"/admin/{PATHS[path]}/add/"

    assert b"Give it a title." in desk.post(url, {}, follow=True).content
    assert b"is not known here" in desk.post(url, {"title": "x", name: "dire"}, follow=True).content
    answer = desk.post(url, {"title": "By hand", name: "high"})

    with tenancy.tenant_scope(acme.tenant.pk):
        row = model.objects.get()
    assert answer["Location"] == f"/admin/{PATHS[path]}/{row.shown_id}/change/"
    assert (row.title, getattr(row, name)) == ("By hand", "high")


def test_another_tenants_rows_are_not_found(acme, globex, rows):
    other = signed_in(globex)

    for path, row in rows.items():
        for action in ("edit", "delete", "restore", "history"):
            url = f"/admin/{PATHS[path]}/{row.shown_id}/{action}/"
            assert other.post(url, {"title": "x", "version": "1"}).status_code == 404
