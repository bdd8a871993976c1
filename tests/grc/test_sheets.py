"""Registers as CSV: what each line would do, parents and owners by name, changes by id."""

import pytest

from core import tenancy
from grc.models import Asset
from grc.services import assets, sheets
from tests import factories

GRC = "/api/v1/grc"
PATHS = ("assets", "accounts", "risks", "regulators")


def read_in(api, path, text, *, commit=False):
    answer = api.post(f"{GRC}/{path}/import", {"csv": text, "commit": commit}, format="json")
    assert answer.status_code == 200, answer.content
    return answer.json()


def read_out(api, path):
    return api.get(f"{GRC}/{path}/export").content.decode()


def told(answer):
    return [(line["number"], line["field"], line["problem"]) for line in answer["results"]]


def test_regulators_are_read_in_and_out(api):
    text = (
        "name,entity_name,regimes,entity_kinds,time_zone,holidays,tags\n"
        "BSI,Acme GmbH,NIS2,essential_entity,Europe/Berlin,2026-12-25; 2026-12-26,energy\n"
    )

    taken = read_in(api, "regulators", text, commit=True)

    [row] = api.get(f"{GRC}/regulators").json()["results"]
    assert (taken["committed"], taken["results"][0]["action"]) == (True, "create")
    assert taken["results"][0]["id"] == row["id"]
    assert (row["regimes"], row["holidays"]) == (["NIS2"], ["2026-12-25", "2026-12-26"])
    assert '"NIS2"' in read_out(api, "regulators")


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ("BSI,law,,,", "regimes"),
        ("BSI,,school,,", "entity_kinds"),
        ("BSI,,,Mars,", "time_zone"),
        ("BSI,,,,Christmas", "holidays"),
    ],
)
def test_a_line_of_a_regulator_at_fault_names_its_column(api, cells, column):
    text = f"name,regimes,entity_kinds,time_zone,holidays\nCNIL,,,,\n{cells}\n"

    answer = read_in(api, "regulators", text, commit=True)

    assert answer["committed"] is False
    assert [line[:2] for line in told(answer)] == [(2, ""), (3, column)]
    assert api.get(f"{GRC}/regulators").json()["results"] == []


@pytest.mark.parametrize("path", PATHS)
def test_what_is_read_out_and_read_in_again_changes_nothing(api, acme, path):
    api.post(f"{GRC}/{path}", {"name": "- Ours", "tags": ["a", "b"]}, format="json")

    answer = read_in(api, path, read_out(api, path), commit=True)

    assert [line["action"] for line in answer["results"]] == ["keep"]
    assert api.get(f"{GRC}/{path}").json()["results"][0]["version"] == 1


def test_a_line_with_an_id_changes_its_row_and_tells_which_columns(api):
    row = api.post(f"{GRC}/risks", {"name": "Fire", "inherent_impact": 4}, format="json").json()
    text = f"id,name,inherent_impact,treatment\n{row['id']},Fire,,mitigate\n,Flood,3,\n"

    answer = read_in(api, "risks", text, commit=True)

    assert [(each["action"], each["changed"]) for each in answer["results"]] == [
        ("change", ["treatment"]),
        ("create", []),
    ]
    changed = api.get(f"{GRC}/risks/{row['id']}").json()
    assert (changed["treatment"], changed["inherent_impact"]) == ("mitigate", 4)


def test_an_id_that_is_not_known_or_stands_twice_is_refused_by_line(api, globex):
    ours = api.post(f"{GRC}/assets", {"name": "Payroll"}, format="json").json()["id"]
    theirs = factories.client_for(globex).post(f"{GRC}/assets", {}, format="json").json()["id"]

    answer = read_in(api, "assets", f"id,name\n{theirs},x\n{ours},a\n{ours},b\n", commit=True)

    assert [line[:2] for line in told(answer)] == [(2, "id"), (3, ""), (4, "id")]
    assert "is not known here" in told(answer)[0][2]
    assert "Line 3 names the same row" in told(answer)[2][2]


def test_an_owner_is_a_member_by_email(api, acme, globex):
    email = acme.people["analyst"].email.upper()
    stranger = globex.people["analyst"].email

    answer = read_in(api, "accounts", f"name,owner\nroot,{email}\nsvc,{stranger}\n")
    read_in(api, "accounts", f"name,owner\nroot,{email}\n", commit=True)

    assert told(answer)[1][1] == "owner"
    assert "Give the e-mail address of one" in told(answer)[1][2]
    [row] = api.get(f"{GRC}/accounts").json()["results"]
    assert row["owner_id"] == acme.people["analyst"].shown_id
    assert acme.people["analyst"].email in read_out(api, "accounts")


def test_the_review_of_a_risk_is_a_day_or_a_time(api):
    text = "name,review_at\nFire,2026-12-01\nFlood,2026-12-01T10:00:00+02:00\nFog,soon\n"

    answer = read_in(api, "risks", text)
    read_in(api, "risks", text.replace("Fog,soon\n", ""), commit=True)

    assert told(answer)[2][1:] == ("review_at", "'soon' is no date like 2026-12-01.")
    found = {row["name"]: row["review_at"] for row in api.get(f"{GRC}/risks").json()["results"]}
    assert found == {"Fire": "2026-12-01T00:00:00Z", "Flood": "2026-12-01T08:00:00Z"}


def test_parents_are_named_by_id_by_name_and_by_a_name_further_down(api, in_acme):
    site = assets.create({"name": "Site"}, actor=in_acme.actor())
    hall = assets.create({"name": "Hall"}, actor=in_acme.actor())
    text = f"name,parent\nServer,rack\nRack,Cage\nCage,{site.shown_id}\nLamp,HALL\nDesk,Nowhere\n"

    looked = read_in(api, "assets", text)
    taken = read_in(api, "assets", text.replace("Desk,Nowhere\n", ""), commit=True)

    assert told(looked)[4][1] == "parent"
    assert taken["committed"] is True
    with tenancy.tenant_scope(in_acme.tenant.pk):
        rows = Asset.objects.filter(parent__isnull=False)
        found = dict(rows.values_list("name", "parent__name"))
    assert found == {"Server": "Rack", "Rack": "Cage", "Cage": "Site", "Lamp": "Hall"}
    assert hall.shown_id in read_out(api, "assets")


def test_lines_that_would_close_a_loop_are_refused_each(api, in_acme):
    top = assets.create({"name": "Top"}, actor=in_acme.actor())
    low = assets.create({"name": "Low", "parent_id": top}, actor=in_acme.actor())
    text = f"id,name,parent\n,A,B\n,B,A\n,C,B\n,D,D\n{top.shown_id},,{low.shown_id}\n"

    answer = read_in(api, "assets", text, commit=True)

    assert [line[0] for line in told(answer) if line[1] == "parent"] == [2, 3, 5, 6]
    assert len(api.get(f"{GRC}/assets").json()["results"]) == 2


def test_a_name_of_several_assets_asks_for_an_id(api, in_acme):
    for _ in range(2):
        assets.create({"name": "Twin"}, actor=in_acme.actor())

    answer = read_in(api, "assets", "name,parent\nServer,Twin\n")

    assert told(answer) == [(2, "parent", "Several assets are called 'Twin'. Give the id of one.")]


def test_a_parent_and_its_child_change_places(api, in_acme):
    actor = in_acme.actor()
    top = assets.create({"name": "Top"}, actor=actor)
    a = assets.create({"name": "A", "parent_id": top}, actor=actor)
    b = assets.create({"name": "B", "parent_id": a}, actor=actor)
    text = f"id,parent\n{a.shown_id},{b.shown_id}\n{b.shown_id},Top\n"

    answer = read_in(api, "assets", text, commit=True)

    assert [line["changed"] for line in answer["results"]] == [["parent"], ["parent"]]
    rows = {row["name"]: row["parent_id"] for row in api.get(f"{GRC}/assets").json()["results"]}
    assert rows == {"Top": None, "A": b.shown_id, "B": top.shown_id}


def test_assets_nest_only_so_deep_in_a_file(api):
    lines = "".join(f"a{number},a{number - 1}\n" for number in range(1, 60))

    answer = read_in(api, "assets", f"name,parent\na0,\n{lines}")

    assert told(answer)[0][1] == ""
    assert told(answer)[59][1] == "parent"
    assert "nest at most" in told(answer)[59][2]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is no column"),
        ("name,name\na,b\n", "stands twice"),
        ('name\n"a', "This is no CSV"),
    ],
)
def test_a_file_that_is_no_table_is_refused_whole(api, text, said):
    answer = api.post(f"{GRC}/assets/import", {"csv": text}, format="json")

    assert answer.status_code == 400
    assert text == "" or said in answer.json()["detail"]


def test_a_line_with_too_many_cells_and_a_number_that_is_none_are_told(api):
    answer = read_in(api, "risks", 'name,inherent_impact\n"a\nb",many\nc,1,2\n')

    assert told(answer)[0] == (2, "inherent_impact", "'many' is no whole number.")
    assert told(answer)[1] == (4, "", "This line has more cells than the head.")


def test_a_file_has_only_so_many_lines_and_bytes(api, monkeypatch):
    monkeypatch.setattr(sheets, "MOST_ROWS", 1)
    lines = api.post(f"{GRC}/assets/import", {"csv": "name\na\nb\n"}, format="json")
    monkeypatch.setattr(sheets, "MOST_BYTES", 5)
    size = api.post(f"{GRC}/assets/import", {"csv": "name\na\nb\n"}, format="json")

    assert (lines.status_code, size.status_code) == (413, 413)


def test_a_changed_row_has_the_file_in_its_history(api):
    row = api.post(f"{GRC}/regulators", {"name": "BSI"}, format="json").json()

    read_in(api, "regulators", f"id,regimes\n{row['id']},NIS2; GDPR\n", commit=True)

    [kept] = api.get(f"{GRC}/regulators").json()["results"]
    assert kept["regimes"] == ["NIS2", "GDPR"]
    history = api.get(f"{GRC}/regulators/{row['id']}/history").json()["results"]
    assert history[0]["note"] == "Read from a file."


@pytest.mark.parametrize("rows", [2, 20])
def test_looking_at_more_lines_asks_the_database_no_more(
    in_acme, django_assert_max_num_queries, rows
):
    actor = in_acme.actor()
    for number in range(rows):
        assets.create({"name": f"p{number}"}, actor=actor)
    text = "name,parent\n" + "".join(f"c{number},p{number}\n" for number in range(rows))

    with django_assert_max_num_queries(8):
        sheets.read_in(assets.SHEET, text, actor=actor, commit=False)
