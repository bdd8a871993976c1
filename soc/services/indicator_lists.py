"""Verbs of the lists of known indicators."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from procrastinate.contrib.django import app

from core import audit, records, tenancy
from core.actors import Actor
from core.errors import BadInput, Conflict
from core.texts import clean_text
from soc.intake.domains import ascii_name
from soc.intake.indicators import refang
from soc.models import Indicator, IndicatorListEntry
from soc.services import enrichment, fields, relations
from soc.services.list_matching import NAMED
from soc.vocabulary import LIST_KINDS

CONFIGURE = "soc:configure"
FIXED = ("kind", "type", "value")
WRITABLE = ("reason", "expires_at", "tags")
CHUNK = 500
EXPIRY_LOOKED_BACK = timedelta(days=2)  # more than a day, should a daily round be missed


@audit.verb
def create(values: Mapping[str, Any], *, actor: Actor, note: str = "") -> IndicatorListEntry:
    """A line of a list: `kind`, `type` and `value` are needed. It counts for what is known already
    too, once a job has gone over it.
    """
    actor.require(CONFIGURE)
    fields.one_of("kind", values.get("kind"), LIST_KINDS)
    type_, value, length = _pattern(values.get("type"), values.get("value"))
    entry = IndicatorListEntry(
        kind=values["kind"], type=type_, value=value, network_length=length, **_clean(values)
    )
    try:
        with transaction.atomic():
            records.create(entry, actor=actor, note=note)
    except IntegrityError as error:
        raise Conflict(f"{value} is on this list already.", field="value") from error
    _apply_later(entry)
    return entry


@audit.verb
def update(
    entry: IndicatorListEntry, values: Mapping[str, Any], *, actor: Actor, note: str = ""
) -> IndicatorListEntry:
    """Change the reason, the end or the tags. What it lists stays: write another line for that."""
    actor.require(CONFIGURE)
    fresh = records.lock(entry)
    for name in FIXED:
        if name in values and values[name] != getattr(fresh, name):
            raise BadInput(
                "What a line lists does not change. Delete it and write another.", field=name
            )
    changed = records.change(fresh, _clean(values), actor=actor, note=note)
    _apply_later(changed)
    return changed


@audit.verb
def delete(entry: IndicatorListEntry, *, actor: Actor, note: str = "") -> IndicatorListEntry:
    gone = records.delete(entry, actor=actor, scope=CONFIGURE, note=note)
    _apply_later(gone)
    return gone


@audit.verb
def restore(entry: IndicatorListEntry, *, actor: Actor, note: str = "") -> IndicatorListEntry:
    """Bring a line back, unless the same one was written anew."""
    try:
        with transaction.atomic():
            back = records.restore(entry, actor=actor, scope=CONFIGURE, note=note)
    except IntegrityError as error:
        raise Conflict(f"{entry.value} is on this list again already.") from error
    _apply_later(back)
    return back


def apply(entry: IndicatorListEntry) -> int:
    """Have the indicators that a line holds enriched again, a job for each few hundred; how many
    there are.
    """
    count = 0
    chunk: list[UUID] = []
    for pk in _held(entry):
        chunk.append(pk)
        if len(chunk) == CHUNK:
            enrichment.enrich_indicators_later(chunk)
            count, chunk = count + len(chunk), []
    enrichment.enrich_indicators_later(chunk)
    return count + len(chunk)


def apply_expired() -> int:
    """Once a day: what lines that have ended held is enriched again without them; how many lines
    there were.
    """
    now = timezone.now()
    ended = IndicatorListEntry.objects.filter(
        expires_at__lte=now, expires_at__gt=now - EXPIRY_LOOKED_BACK
    )
    lines = list(ended)
    for entry in lines:
        _apply_later(entry)
    return len(lines)


def _apply_later(entry: IndicatorListEntry) -> None:
    app.configure_task("soc.apply_list_entry").defer(
        tenant_id=str(tenancy.required()), entry_id=str(entry.pk)
    )


def _held(entry: IndicatorListEntry) -> Iterator[UUID]:
    """The ids of the known indicators that a line holds."""
    rows = Indicator.with_deleted.filter(type=entry.type).order_by("id")
    if entry.network_length is not None:
        network = ip_network(entry.value)
        known = rows.values_list("pk", "value").iterator(chunk_size=2_000)
        yield from (pk for pk, value in known if ip_address(value) in network)
        return
    if entry.value.startswith(".") and entry.type in NAMED:
        held: QuerySet[Any] = rows.filter(value__endswith=entry.value) | rows.filter(
            value=entry.value[1:]
        )
    else:
        held = rows.filter(value=entry.value)
    yield from held.values_list("pk", flat=True).iterator(chunk_size=2_000)


def _pattern(type_: object, value: object) -> tuple[str, str, int | None]:
    """Type, value and length of the network of a line. A network and a name with all below it are
    more than one value.
    """
    if not isinstance(value, str):
        raise BadInput("Give a value.", field="value")
    text = refang(value).strip()
    if type_ == "ip" and "/" in text:
        return _network(text)
    if type_ in NAMED and text.startswith("."):
        name = ascii_name(text[1:])
        if name is None:
            raise BadInput(f"'{value}' is no name.", field="value")
        return str(type_), f".{name}", None
    return (*relations.spelled(type_, text, field="value"), None)


def _network(text: str) -> tuple[str, str, int | None]:
    try:
        network = ip_network(text)
    except ValueError as error:
        raise BadInput(f"'{text}' is no network. Write it as 192.0.2.0/24.", field="value") from (
            error
        )
    if network.prefixlen == network.max_prefixlen:
        return "ip", str(network.network_address), None
    if network.prefixlen == 0:
        raise BadInput("This network is the whole Internet. Name a smaller one.", field="value")
    return "ip", str(network), network.prefixlen


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    clean = {name: values[name] for name in WRITABLE if name in values}
    if clean.get("reason") is not None:
        clean["reason"] = clean_text(clean["reason"], field="reason")
    if clean.get("tags") is not None:
        clean["tags"] = records.clean_tags(clean["tags"])
    return {
        name: value for name, value in clean.items() if value is not None or name == "expires_at"
    }
