"""Teams: people of a tenant who own work together."""

import pytest

from core import ids
from core.errors import BadInput, Conflict, ScopeMissing
from core.models import Team, TeamMember
from core.services import people, teams
from soc.services import investigations
from tests import factories
from tests.soc.casework import TEAMS, team_in
from tests.soc.factories import CASES, case_in


def members(team):
    return {row.person_id for row in teams.members_of([team.pk]).get(team.pk, [])}


def test_the_members_are_the_set_wanted(in_acme):
    team = team_in(in_acme, members=["analyst", "viewer"])
    wanted = [in_acme.people[role].pk for role in ("responder", "viewer", "viewer")]

    teams.update(team, {"member_ids": wanted}, actor=in_acme.actor())

    assert members(team) == set(wanted)


def test_the_same_members_again_are_no_change(in_acme):
    team = team_in(in_acme, members=["analyst"])
    before = list(TeamMember.objects.values_list("pk", flat=True))

    teams.update(team, {"member_ids": [in_acme.people["analyst"].pk]}, actor=in_acme.actor())

    assert list(TeamMember.objects.values_list("pk", flat=True)) == before


def test_who_is_no_member_of_the_tenant_is_refused_but_one_who_left_may_stay(in_acme):
    team = team_in(in_acme, members=["analyst"])
    analyst = in_acme.people["analyst"]
    people.deactivate(analyst.memberships.get(), actor=in_acme.actor())

    with pytest.raises(BadInput) as refusal:
        teams.update(team, {"member_ids": [ids.new()]}, actor=in_acme.actor())
    teams.update(team, {"member_ids": [analyst.pk]}, actor=in_acme.actor())

    assert refusal.value.field == "member_ids"
    assert members(team) == {analyst.pk}


@pytest.mark.parametrize("name", [" ", "x" * 201])
def test_a_name_has_a_length(in_acme, name):
    with pytest.raises(BadInput):
        team_in(in_acme, name=name)


def test_a_name_is_used_once_among_the_live_ones(in_acme):
    team = team_in(in_acme)

    with pytest.raises(Conflict):
        team_in(in_acme)
    teams.update(team, {"name": team.name, "tags": ["a"]}, actor=in_acme.actor())
    teams.delete(team, actor=in_acme.actor())
    team_in(in_acme)
    with pytest.raises(Conflict):
        teams.restore(Team.with_deleted.get(pk=team.pk), actor=in_acme.actor())


@pytest.mark.parametrize("role", ["viewer", "manager"])
def test_writing_needs_the_tenants_administrator(in_acme, role):
    team, actor = team_in(in_acme), in_acme.actor(role)

    for attempt in (
        lambda: teams.create({}, actor=actor),
        lambda: teams.update(team, {}, actor=actor),
        lambda: teams.delete(team, actor=actor),
        lambda: teams.restore(team, actor=actor),
    ):
        with pytest.raises(ScopeMissing):
            attempt()


def test_a_team_that_owns_an_open_investigation_is_not_deleted(in_acme):
    team = team_in(in_acme)
    case = case_in(in_acme)
    investigations.update(case, {"team_group_id": team}, actor=in_acme.actor("analyst"))

    with pytest.raises(Conflict, match=case.investigation_number):
        teams.delete(team, actor=in_acme.actor())
    investigations.update(case, {"team_group_id": None}, actor=in_acme.actor("analyst"))
    teams.delete(team, actor=in_acme.actor())

    assert not Team.objects.exists()


def test_teams_over_rest(api, acme):
    analyst = acme.people["analyst"].shown_id

    made = api.post(TEAMS, {"name": "Night", "member_ids": [analyst]}).json()
    case = api.post(CASES, {"team_group_id": made["id"]}).json()
    api.patch(f"{CASES}/{case['id']}", {"team_group_id": None})
    api.delete(f"{TEAMS}/{made['id']}")
    restored = api.post(f"{TEAMS}/{made['id']}/restore").json()

    assert (made["member_ids"], restored["member_ids"]) == ([analyst], [analyst])
    assert case["team_group_id"] == made["id"]
    changes = api.get(f"{CASES}/{case['id']}/history").json()["results"][0]["changes"]
    assert "team_group_id" in changes
    assert api.get(f"{TEAMS}?member_id={analyst}&name=Night").json()["results"] == [restored]
    assert api.get(f"{CASES}?team_group_id={made['id']}").json()["results"] == []
    viewer = factories.client_for(acme, "viewer")
    assert viewer.get(f"{TEAMS}/{made['id']}").status_code == 200
    assert viewer.post(TEAMS, {}).status_code == 403


def test_ids_of_another_tenant_answer_like_unknown_ones(api, globex):
    client = factories.client_for(globex)
    theirs = client.post(TEAMS, {}).json()["id"]
    person = globex.people["viewer"].shown_id
    unknown = {"per": "per_01j00000000000000000000000", "grp": "grp_01j00000000000000000000000"}

    for url, name, foreign, none in (
        (CASES, "team_group_id", theirs, unknown["grp"]),
        (TEAMS, "member_ids", [person], [unknown["per"]]),
    ):
        answers = [api.post(url, {name: value}) for value in (foreign, none)]
        assert [each.status_code for each in answers] == [400, 400]
    assert api.get(f"{TEAMS}/{theirs}").status_code == 404
