"""Verbs of the team: who belongs to it is the set wanted."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from core import audit, records
from core.actors import Actor
from core.errors import BadInput, Conflict
from core.models import Team, TeamMember
from core.services import people
from core.services.people import ADMIN
from core.texts import clean_text

MAX_NAME = 200


@audit.verb
def create(values: Mapping[str, Any], *, actor: Actor, note: str = "") -> Team:
    """A new team; `{}` is enough. `member_ids` are ids of people of this tenant."""
    actor.require(ADMIN)
    clean = _clean({"name": "New team", **values})
    team = records.create(Team(**clean), actor=actor, note=note)
    _set_members(team, values, actor)
    return team


@audit.verb
def update(team: Team, values: Mapping[str, Any], *, actor: Actor, note: str = "") -> Team:
    """Change the name, the tags or the set of members."""
    actor.require(ADMIN)
    fresh = records.change(records.lock(team), _clean(values, team=team), actor=actor, note=note)
    _set_members(fresh, values, actor, note)
    return fresh


def delete(team: Team, *, actor: Actor, note: str = "") -> Team:
    return records.delete(team, actor=actor, scope=ADMIN, note=note)


@audit.verb
def restore(team: Team, *, actor: Actor, note: str = "") -> Team:
    """Bring a deleted team back, unless another has taken its name."""
    actor.require(ADMIN)
    _require_free(team.name)
    return records.restore(team, actor=actor, scope=ADMIN, note=note)


def members_of(team_ids: Iterable[UUID]) -> dict[UUID, list[TeamMember]]:
    """The members of each team, by name, in one query."""
    found: dict[UUID, list[TeamMember]] = defaultdict(list)
    rows = TeamMember.objects.filter(team_id__in=list(team_ids)).select_related("person")
    for row in rows.order_by("person__name", "id"):
        found[row.team_id].append(row)
    return found


def with_members(teams: list[Team]) -> list[Team]:
    """Teams with their members, read for all at once."""
    found = members_of([team.pk for team in teams])
    for team in teams:
        shown: Any = team
        shown.shown_members = found.get(team.pk, [])
    return teams


def _set_members(team: Team, values: Mapping[str, Any], actor: Actor, note: str = "") -> None:
    if values.get("member_ids") is None:
        return
    wanted = list(dict.fromkeys(values["member_ids"]))
    present = {row.person_id for row in members_of([team.pk]).get(team.pk, [])}
    known = people.members()
    for person_id in wanted:
        if person_id not in known and person_id not in present:
            raise BadInput(people.unknown_reference("per", person_id), field="member_ids")
    joined, left = [pk for pk in wanted if pk not in present], present - set(wanted)
    if not joined and not left:
        return
    TeamMember.objects.filter(team=team, person_id__in=left).delete()
    TeamMember.objects.bulk_create(
        [TeamMember(team=team, person_id=pk, created_by=actor.person_id) for pk in joined]
    )
    records.touch(team, actor=actor)
    records.remember(
        team,
        "set_members",
        actor=actor,
        note=note,
        joined=[str(pk) for pk in joined],
        left=sorted(str(pk) for pk in left),
    )


def _clean(values: Mapping[str, Any], *, team: Team | None = None) -> dict[str, Any]:
    clean = {name: values[name] for name in ("name", "tags") if name in values}
    if "name" in clean:
        clean["name"] = clean_text(clean["name"], field="name")
        if not 0 < len(clean["name"]) <= MAX_NAME:
            raise BadInput(f"A name has 1 to {MAX_NAME} characters.", field="name")
        if team is None or clean["name"] != team.name:
            _require_free(clean["name"])
    if "tags" in clean:
        clean["tags"] = records.clean_tags(clean["tags"])
    return clean


def _require_free(name: str) -> None:
    if Team.objects.filter(name=name).exists():
        raise Conflict(f"There is a team '{name}' already. Choose another name.", field="name")
