"""Two tenants: A attacks, B is the victim, and every text of B's rows holds a canary."""

import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from django.apps import apps
from django.db import connection, models, transaction

from core import ids, tenancy
from core.models import Person, Tenant
from core.services import applications, people
from tests import factories
from tests.prove import furniture

CANARY = "zqcanaryz"
PLAIN = "ordinary"
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_SHOWN = re.compile(r"(?<![a-z0-9])([a-z]{3})_([0-9a-z]{26})(?![0-9a-z])")


@dataclass
class Side:
    """One tenant: its people, an application's key, the ids of its rows by model and kind."""

    cast: factories.Cast
    key: applications.NewKey
    rows: dict[type[models.Model], dict[str, UUID]] = field(default_factory=dict)
    every_id: frozenset[UUID] = frozenset()

    @property
    def tenant_id(self) -> UUID:
        return self.cast.tenant.pk

    def id_of(self, model: Any, kind: str = "live") -> UUID | None:
        """The id of that model's row, `live`, `deleted` or `history`; None without one."""
        return self.rows.get(model, {}).get(kind)


@dataclass
class Stage:
    """Attacker, victim and a superintendent's connection that sees the rows of both."""

    a: Side
    b: Side
    platform: psycopg.Connection
    secrets: tuple[str, ...] = ()

    def strangers(self, text: str, sent: str) -> list[str]:
        """What of B's a text holds: canaries, secrets, ids; those that were sent along do not
        count.
        """
        lower = text.lower()
        found = [CANARY] if CANARY in lower and CANARY not in sent else []
        found += [secret for secret in self.secrets if secret in text]
        foreign = (ids_in(lower) & self.b.every_id) - ids_in(sent.lower())
        return found + [str(pk) for pk in foreign]


def ids_in(text: str) -> set[UUID]:
    """Every id in a text, in whatever form."""
    found = {UUID(match) for match in _UUID.findall(text)}
    read = (ids.read(prefix, f"{prefix}_{body}") for prefix, body in _SHOWN.findall(text))
    return found | {pk for pk in read if pk}


def spellings(value: Any, prefix: str = "per") -> tuple[str, ...]:
    """The forms in which an answer may repeat an id, or a list of ids, that was sent."""
    found: list[str] = []
    for text in value if isinstance(value, list) else [value]:
        own = text.partition("_")[0] if "_" in text else prefix
        pk = ids.read(own, text)
        found += [text, *([str(pk), ids.show(own, pk) or ""] if pk else [])]
    return tuple(dict.fromkeys(found))


def tenant_models() -> list[type[models.Model]]:
    """Every model with a tenant, history tables included."""
    return [model for model in apps.get_models() if has_tenant(model)]


def has_tenant(model: type[models.Model]) -> bool:
    return any(each.name == "tenant" for each in model._meta.concrete_fields)


def assemble(platform: psycopg.Connection) -> Stage:
    """Seed both tenants through the services and the API; B's empty texts are then filled with the
    canary too.
    """
    sides = [_side("attacker", PLAIN), _side(f"victim-{CANARY}", CANARY)]
    for side in sides:
        _delete_some(platform, side)
    _fill_texts(platform, sides[1])
    for side in sides:
        _know(platform, side, newest=side is sides[0])
    hidden = platform.execute(
        "select client_id from core_application where tenant_id = %s", [sides[1].tenant_id]
    )
    return Stage(sides[0], sides[1], platform, tuple(row[0] for row in hidden.fetchall()))


def small_tenant(slug: str) -> Side:
    """A tenant of its own for one proof, with a key of an application and nothing else."""
    with transaction.atomic():
        made = factories.make_tenant(slug)
    with tenancy.tenant_scope(made.tenant.pk):
        scopes = ["soc:read", "soc:write", "soc:ingest"]
        key = applications.create(f"tool of {slug}", actor=made.actor(), scopes=scopes)
    return Side(made, key)


def _side(slug: str, word: str) -> Side:
    with transaction.atomic():
        made = factories.make_tenant(slug)
    every = sorted(made.actor().scopes - {"admin:tenant"})
    with tenancy.tenant_scope(made.tenant.pk), transaction.atomic():
        unbound = applications.create(f"free tool {word}", actor=made.actor(), scopes=every)
        for number in range(2):
            key = applications.create(
                f"tool {word} {number}", actor=made.actor(), scopes=every, sources=[f"src-{word}"]
            )
            invited = f"invited-{number}-{word}@{slug}.test"
            people.invite(invited, actor=made.actor(), role="viewer", name=f"Invited {word}")
        applications.rotate(key.application, actor=made.actor(), note=f"note {word}")
    furniture.fill(made, unbound, word, with_shared=word == CANARY)
    tenancy.clear()
    return Side(made, unbound)


def _delete_some(platform: psycopg.Connection, side: Side) -> None:
    """A deleted row of every resource, also of those that no service deletes yet."""
    for model in tenant_models():
        names = {each.name for each in model._meta.concrete_fields}
        if "is_deleted" not in names or "history_id" in names:
            continue
        table = model._meta.db_table
        platform.execute(
            f"update {table} set is_deleted = true, deleted_at = now(), deleted_by = created_by "
            f"where id = (select id from {table} where tenant_id = %(tenant)s and not is_deleted "
            "order by id desc limit 1) "
            f"and not exists (select from {table} where tenant_id = %(tenant)s and is_deleted)",
            {"tenant": side.tenant_id},
        )


def _fill_texts(platform: psycopg.Connection, side: Side) -> None:
    """The canary in each text that is still empty, where no constraint forbids it. Audit rows stay
    as they are.
    """
    for model in tenant_models():
        for each in model._meta.concrete_fields:
            if (
                not isinstance(each, models.TextField)
                or each.choices
                or "audit" in model._meta.db_table
            ):
                continue
            if each.unique or each.name == "status":
                continue
            column = connection.ops.quote_name(each.column)
            empty = "true" if each.name == "reason" else f"coalesce({column}, '') = ''"
            try:
                platform.execute(
                    f"update {model._meta.db_table} set {column} = %s "
                    f"where tenant_id = %s and {empty}",
                    [CANARY, side.tenant_id],
                )
            except psycopg.IntegrityError:
                continue


def _know(platform: psycopg.Connection, side: Side, *, newest: bool) -> None:
    """Look up a row of each kind for every model, and all ids there are."""
    every: set[UUID] = {side.tenant_id}
    for model in tenant_models():
        table, kept = model._meta.db_table, side.rows.setdefault(model, {})
        names = {each.name for each in model._meta.concrete_fields}
        columns = {"id", "history_id", "event_id", "correlation_id"} & names
        for column in sorted(columns):
            found = platform.execute(
                f"select {column} from {table} where tenant_id = %s", [side.tenant_id]
            )
            every |= {row[0] for row in found.fetchall()}
        if "history_id" in names:
            _know_history(platform, side, model)
            continue
        for kind, deleted in (("live", "not is_deleted"), ("deleted", "is_deleted")):
            if kind == "deleted" and "is_deleted" not in names:
                continue
            condition = deleted if "is_deleted" in names else "true"
            # A works with its newest rows: among the oldest are the people and keys that it comes
            # with.
            way = "desc" if newest else "asc"
            found = platform.execute(
                f"select id from {table} where tenant_id = %s and {condition} "
                f"order by id {way} limit 1",
                [side.tenant_id],
            ).fetchone()
            if found:
                kept[kind] = found[0]
    members = platform.execute(
        "select person_id from core_membership where tenant_id = %(t)s union "
        "select person_id from core_application where tenant_id = %(t)s",
        {"t": side.tenant_id},
    )
    persons = [row[0] for row in members.fetchall()]
    side.rows[Person] = {"live": side.cast.people["analyst"].pk}
    side.rows[Tenant] = {"live": side.tenant_id}
    side.every_id = frozenset(every | set(persons))


def _know_history(platform: psycopg.Connection, side: Side, history: Any) -> None:
    """History ids of the row that stands for its model."""
    original = history.instance_type
    live = side.rows.get(original, {}).get("live")
    found = platform.execute(
        f"select history_id from {history._meta.db_table} where tenant_id = %s "
        "order by id = %s desc limit 1",
        [side.tenant_id, live],
    ).fetchone()
    if found:
        side.rows.setdefault(original, {})["history"] = found[0]
        side.rows[history]["live"] = found[0]
