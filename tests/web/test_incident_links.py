"""The incident's page: what it names is set in a dialog, and so are its corrective actions."""

import pytest

from core import tenancy
from grc.models import CorrectiveAction, Incident
from grc.services import accounts, action_risks, assets, incident_links, incidents, risks
from tests.soc.factories import case_in
from tests.web.test_desk import signed_in


@pytest.fixture
def desk(acme):
    return signed_in(acme)


@pytest.fixture
def rows(acme):
    actor = acme.actor()
    with tenancy.tenant_scope(acme.tenant.pk):
        return {
            "incident": incidents.create({"title": "Data left"}, actor=actor),
            "affected_asset_ids": assets.create({"name": "Payroll"}, actor=actor),
            "affected_account_ids": accounts.create({"name": "svc-backup"}, actor=actor),
            "realized_risk_ids": risks.create({"name": "Phishing"}, actor=actor),
            "consolidated_investigation_ids": case_in(acme, title="The case"),
            "commander_ids": acme.people["manager"],
        }


def page_of(desk, row):
    return desk.get(f"/admin/grc/incident/{row.shown_id}/page/").content.decode()


def edit(desk, row, **body):
    return desk.post(f"/admin/grc/incident/{row.shown_id}/edit/", body, follow=True)


def held(acme, incident):
    with tenancy.tenant_scope(acme.tenant.pk):
        fresh = Incident.objects.get(pk=incident.pk)
        [told] = incidents.with_links([fresh])
        named = {name: told.shown_touched.get(name, []) for name in incident_links.COLUMNS}
        named["consolidated_investigation_ids"] = told.shown_links["consolidated_investigation_ids"]
        return named | {"commander_ids": fresh.commander_ids}


LINKS = [
    "affected_asset_ids",
    "affected_account_ids",
    "realized_risk_ids",
    "consolidated_investigation_ids",
    "commander_ids",
]


@pytest.mark.parametrize("name", LINKS)
def test_what_an_incident_names_is_set_in_its_dialog(desk, acme, rows, name):
    incident, row = rows["incident"], rows[name]
    before = held(acme, incident)

    page = edit(desk, incident, **{name: ["", row.shown_id], "note": "Seen in the log."})

    assert "Incident changed." in page.content.decode()
    after = held(acme, incident)
    assert [str(pk) for pk in after.pop(name)] == [str(row.pk)]
    assert {each: before[each] for each in after} == after
    assert f'value="{row.shown_id}" checked' in page_of(desk, incident)


@pytest.mark.parametrize("name", LINKS)
def test_the_dialog_offers_rows_by_name(desk, rows, name):
    row = rows[name]
    like = str(getattr(row, "name", "") or row.title)[:5]

    found = desk.get("/admin/grc/incident/offers/", {"name": name, "like": like}).json()["offers"]

    assert row.shown_id in [value for value, _ in found]
    nobody = desk.get("/admin/grc/incident/offers/", {"name": name, "like": "zzz"})
    assert nobody.json()["offers"] == []


def test_links_are_taken_out_and_a_stale_form_changes_nothing(desk, acme, rows):
    incident, asset = rows["incident"], rows["affected_asset_ids"]
    edit(desk, incident, affected_asset_ids=[asset.shown_id])

    stale = edit(desk, incident, affected_asset_ids="", version=incident.version)
    kept = held(acme, incident)["affected_asset_ids"]
    edit(desk, incident, affected_asset_ids="")

    assert "changed since you opened it" in stale.content.decode()
    assert (kept, held(acme, incident)["affected_asset_ids"]) == ([asset.pk], [])


def test_a_row_of_another_tenant_is_not_linked(desk, acme, globex, rows):
    with tenancy.tenant_scope(globex.tenant.pk):
        theirs = assets.create({"name": "Theirs"}, actor=globex.actor())

    page = edit(desk, rows["incident"], affected_asset_ids=[theirs.shown_id])

    assert "is not known here" in page.content.decode()
    assert held(acme, rows["incident"])["affected_asset_ids"] == []


def test_who_reads_only_gets_no_dialog(acme, rows):
    page = page_of(signed_in(acme, "viewer"), rows["incident"])

    assert "Data left" in page
    assert 'id="links"' not in page
    assert 'id="new-action"' not in page


def test_a_corrective_action_is_begun_on_the_page_and_given_risks_there(desk, acme, rows):
    incident, risk = rows["incident"], rows["realized_risk_ids"]
    body = {"incident_id": incident.shown_id, "title": "Keys for all", "risk_ids": ""}
    body["owner_id"] = acme.people["manager"].shown_id
    desk.post("/admin/grc/correctiveaction/add/", body)
    with tenancy.tenant_scope(acme.tenant.pk):
        action = CorrectiveAction.objects.get(incident=incident)

    back = f"/admin/grc/incident/{incident.shown_id}/change/"
    url = f"/admin/grc/correctiveaction/{action.shown_id}/edit/"
    answer = desk.post(url, {"risk_ids": ["", risk.shown_id], "next": back})

    assert (action.title, action.owner_id) == ("Keys for all", acme.people["manager"].pk)
    assert answer.headers["Location"] == back
    page = page_of(desk, incident)
    assert "Keys for all" in page
    assert "Phishing" in page
    with tenancy.tenant_scope(acme.tenant.pk):
        assert action_risks.risks_of([action.pk])[action.pk] == [risk.pk]


def test_an_asset_is_put_below_another_and_taken_out_but_never_below_itself(desk, acme, rows):
    asset = rows["affected_asset_ids"]
    with tenancy.tenant_scope(acme.tenant.pk):
        site = assets.create({"name": "Data centre"}, actor=acme.actor())

    def put(row, parent):
        url = f"/admin/grc/asset/{row.shown_id}/edit/"
        return desk.post(url, {"parent_id": parent}, follow=True).content.decode()

    page = put(asset, site.shown_id)
    looped = put(site, asset.shown_id)

    assert "Asset changed." in page
    assert f'value="{site.shown_id}" checked' in page
    assert "Choose another parent" in looped
    put(asset, "")
    with tenancy.tenant_scope(acme.tenant.pk):
        asset.refresh_from_db()
    assert asset.parent_id is None
