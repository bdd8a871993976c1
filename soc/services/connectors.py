"""Verbs of the connector. Its secret goes in and is read by the worker's calls, nowhere else."""

import dataclasses
import ipaddress
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from core import audit, ids, records, secrets, tenancy
from core.actors import Actor
from core.errors import BadInput, Conflict
from core.models import Tenant
from core.texts import clean_text
from soc.models import Connector, Playbook
from soc.outbound import addresses
from soc.services.step_results import Target
from soc.vocabulary import AUTH_SCHEMES, CONNECTOR_KINDS

ADMIN = "admin:tenant"
TEXTS = ("name", "description", "url", "username", "header_name", "sender")
WRITABLE = (*TEXTS, "kind", "auth_scheme", "enabled", "tags")
SCHEMES = {"http": ("https", "http"), "chat": ("https", "http"), "smtp": ("smtp", "smtps")}
MAX_SECRET = 10_000
# What calls set themselves, or must not be set by anybody.
OWN_HEADERS = ("host", "content-length", "transfer-encoding", "connection", "idempotency-key")


@audit.verb
def create(values: Mapping[str, Any], *, actor: Actor, note: str = "") -> Connector:
    """A connector written down; `{}` is one without an address, which nothing can call yet."""
    actor.require(ADMIN)
    row = Connector(**_clean(values))
    _check(row)
    _seal(row, values.get("secret"))
    return records.create(row, actor=actor, note=note)


@audit.verb
def update(
    connector: Connector, values: Mapping[str, Any], *, actor: Actor, note: str = ""
) -> Connector:
    """Change it. Another scheme, host or port clears the secret, unless it is given anew."""
    actor.require(ADMIN)
    fresh = records.lock(connector)
    clean, before = _clean(values), _host_of(fresh)
    trial = dataclasses.replace(_Draft.of(fresh), **{k: v for k, v in clean.items() if k != "tags"})
    row = Connector(pk=fresh.pk, **dataclasses.asdict(trial))
    _check(row)
    given = values.get("secret")
    details: dict[str, Any] = {}
    if given:
        _seal(row, given)
        clean |= {"secret": row.secret, "secret_set_at": row.secret_set_at}
        details = {"secret": "set"}
    elif given == "" or _host_of(row) != before:
        clean |= {"secret": None, "secret_set_at": None}
        details = {"secret": "cleared"}
    if {"url", "secret", "auth_scheme"} & clean.keys():
        clean |= {"health": "unknown", "health_message": "", "health_checked_at": None}
    return records.change(fresh, clean, actor=actor, note=note, details=details)


def delete(connector: Connector, *, actor: Actor, note: str = "") -> Connector:
    """Delete softly; refused while a playbook needs it."""
    return records.delete(connector, actor=actor, scope=ADMIN, note=note)


@audit.verb
def restore(connector: Connector, *, actor: Actor, note: str = "") -> Connector:
    """Bring it back, unless another has taken its name."""
    actor.require(ADMIN)
    _name_is_free(connector)
    return records.restore(connector, actor=actor, scope=ADMIN, note=note)


@audit.verb
def check_later(connector: Connector, *, actor: Actor, note: str = "") -> Connector:
    """Have the worker try to reach it; `health` says what came of that."""
    actor.require(ADMIN)
    fresh = records.lock(connector)
    records.remember(fresh, "check", actor=actor, note=note)
    noted(fresh.pk, "checking", "")
    app.configure_task("soc.check_connector").defer(
        tenant_id=str(tenancy.required()), connector_id=str(fresh.pk)
    )
    fresh.refresh_from_db()
    return fresh


@audit.verb
def rotate(*, actor: Actor) -> int:
    """Seal every secret of the tenant with the newest key; how many that were. One that no key
    opens stays as it is.
    """
    count = 0
    for row in Connector.with_deleted.filter(secret__isnull=False).select_for_update():
        if secrets.is_newest(row.secret):
            continue
        try:
            text = _opened(row)
        except secrets.Unreadable:
            continue
        sealed = secrets.seal(text, tenant_id=tenancy.required(), place=_place(row.pk))
        Connector.with_deleted.filter(pk=row.pk).update(secret=sealed)
        records.remember(row, "rotate_secret", actor=actor)
        count += 1
    return count


def unreadable() -> int:
    """How many secrets of the tenant no key of the ring opens."""
    count = 0
    for row in Connector.objects.filter(secret__isnull=False):
        try:
            _opened(row)
        except secrets.Unreadable:
            count += 1
    return count


def noted(pk: UUID, health: str, told: str) -> None:
    """What a check found; no version and no history."""
    Connector.objects.filter(pk=pk).update(
        health=health, health_message=told[:500], health_checked_at=timezone.now()
    )


def target(shown_id: str) -> Target:
    """What a call needs to know of a connector, its secret included; DomainError says why it
    cannot be called.
    """
    row = Connector.objects.filter(pk=ids.read(Connector.ID_PREFIX, shown_id)).first()
    if row is None:
        raise Conflict(f"The connector {shown_id} is gone.")
    if not row.enabled:
        raise Conflict(f"The connector '{row.name}' is switched off.")
    return target_of(row)


def target_of(row: Connector) -> Target:
    if not row.url:
        raise Conflict(f"The connector '{row.name}' has no address.")
    if row.auth_scheme != "none" and row.secret is None:
        raise Conflict(f"The connector '{row.name}' has no secret. Enter it first.")
    return Target(
        name=row.name,
        kind=row.kind,
        url=row.url,
        auth_scheme=row.auth_scheme,
        username=row.username,
        header_name=row.header_name,
        sender=row.sender,
        tenant=_slug(),
        secret=_opened(row) if row.secret else "",
    )


def allowed(tenant: str) -> list[addresses.Network]:
    """The networks inside that the operator lets the connectors of a tenant call."""
    found = []
    for entry in settings.OUTBOUND_ALLOW:
        slug, _, network = entry.partition("=")
        if slug in (tenant, "*"):
            found.append(ipaddress.ip_network(network, strict=False))
    return found


def needed_by_playbooks(connector: Connector) -> str | None:
    """Why a connector may not be deleted, or None."""
    rows = Playbook.objects.filter(required_connector_ids__contains=[str(connector.pk)])
    names = list(rows.order_by("id").values_list("name", flat=True)[:3])
    return f"These playbooks need it: {', '.join(names)}." if names else None


@dataclasses.dataclass(frozen=True)
class _Draft:
    """A connector as it would be."""

    name: str
    description: str
    url: str
    username: str
    header_name: str
    sender: str
    kind: str
    auth_scheme: str
    enabled: bool

    @classmethod
    def of(cls, row: Connector) -> "_Draft":
        return cls(**{each.name: getattr(row, each.name) for each in dataclasses.fields(cls)})


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    clean = {name: values[name] for name in WRITABLE if values.get(name) is not None}
    for name in clean.keys() & set(TEXTS):
        clean[name] = clean_text(clean[name], field=name)
    if clean.get("name") == "":
        raise BadInput("Give it a name.", field="name")
    for name, words in (("kind", CONNECTOR_KINDS), ("auth_scheme", AUTH_SCHEMES)):
        if clean.get(name, words[0]) not in words:
            raise BadInput(f"Use one of: {', '.join(words)}.", field=name)
    if "tags" in clean:
        clean["tags"] = records.clean_tags(clean["tags"])
    return clean


def _check(row: Connector) -> None:
    """What the fields of a whole connector must be."""
    _name_is_free(row)
    if row.kind == "smtp" and row.auth_scheme not in ("none", "basic"):
        raise BadInput("A mail server takes none or basic.", field="auth_scheme")
    if row.auth_scheme == "header" and not _is_header(row.header_name):
        raise BadInput("Name the header that the secret goes into.", field="header_name")
    if not row.url:
        return
    try:
        place = addresses.read(row.url, SCHEMES[row.kind])
        addresses.check_literal(place.host, allowed(_slug()))
    except addresses.Refused as refusal:
        raise BadInput(str(refusal), field="url") from refusal


def _is_header(name: str) -> bool:
    fits = bool(name) and name.isascii() and name.replace("-", "").isalnum()
    return fits and name.lower() not in OWN_HEADERS


def _name_is_free(row: Connector) -> None:
    if Connector.objects.filter(name=row.name).exclude(pk=row.pk).exists():
        raise Conflict(f"There is a connector '{row.name}' already.", field="name")


def _host_of(row: Connector) -> tuple[str, str, int] | None:
    try:
        place = addresses.read(row.url, SCHEMES[row.kind])
    except addresses.Refused:
        return None
    return place.scheme, place.host, place.port


def _seal(row: Connector, secret: object) -> None:
    if not secret:
        return
    text = str(secret)
    if len(text) > MAX_SECRET or not text.isprintable():
        raise BadInput(f"A secret has at most {MAX_SECRET} printable characters.", field="secret")
    row.secret = secrets.seal(text, tenant_id=tenancy.required(), place=_place(row.pk))
    row.secret_set_at = timezone.now()


def _opened(row: Connector) -> str:
    return secrets.open_sealed(str(row.secret), tenant_id=tenancy.required(), place=_place(row.pk))


def _place(pk: UUID) -> str:
    return f"connector:{pk}:secret"


def _slug() -> str:
    found = Tenant.objects.filter(pk=tenancy.required()).values_list("slug", flat=True).first()
    return str(found or "")
