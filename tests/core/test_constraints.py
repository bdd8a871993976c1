"""Every constraint of every model, found from the models themselves, and an attempt to break it.

A check without a row in CHECKS is a failure, so a new one brings its attempt along.
"""

from datetime import timedelta
from functools import partial

import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, models, transaction

from core import ids, tenancy
from core.constraints import RowSecurity, TenantKey
from core.models import AuditEvent, AuditHead, Tenant
from soc.models import AttackTactic, AttackTechnique, AttackVersion
from tests.core.broken import CHECKS, DELETED, NOW, SOMEONE

# Nothing may be written, so nothing can be broken.
READ_ONLY = {AuditEvent, AuditHead, AttackVersion, AttackTactic, AttackTechnique}
FACTS = ("first_event_at", "detected_at", "contained_at", "eradicated_at", "recovered_at")


def ours():
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in ("core", "grc", "soc") and model._meta.constraints
    ]


def attempts(constraint):
    """The values that would break a check."""
    if constraint.name.endswith("_deleted_with_time_and_person"):
        return DELETED
    if "_before_" in constraint.name:
        earlier, later = constraint.name.removeprefix("incident_").split("_before_")
        empty = dict.fromkeys(FACTS)
        hour = timedelta(hours=1)
        return [empty | {f"{earlier}_at": NOW, f"{later}_at": NOW - hour}]
    return CHECKS[constraint.name]


@pytest.fixture
def globex(furnished):
    return furnished[1]


def refused(attempt, kind=IntegrityError):
    try:
        with transaction.atomic():
            attempt()
    except kind as refusal:
        return str(refusal)
    return "it was taken"


def copied(row, **changes):
    """Another row with the same values."""
    twin = type(row)._default_manager.model(
        **{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    )
    twin.pk = ids.new()
    for name, value in changes.items():
        setattr(twin, name, value)
    return lambda: twin.save(force_insert=True)


def rows_of(model):
    return getattr(model, "with_deleted", model._default_manager).all()


def kept_by(constraint):
    """A row to which the constraint applies."""
    rows = rows_of(constraint.model).order_by("pk")
    if isinstance(constraint, TenantKey):
        rows = rows.filter(**{f"{constraint.field}__isnull": False}) or rows
    condition = getattr(constraint, "condition", None)
    return rows.filter(condition).first() if condition else rows.first()


def unbroken(model, constraint, stranger):
    """What the database said to each attempt on one constraint, as (attempt, answer)."""
    row = kept_by(constraint)
    assert row is not None, f"the furniture holds no row for {constraint.name}"
    if isinstance(constraint, RowSecurity):
        answer = refused(copied(row, **{constraint.column: stranger}), ProgrammingError)
        return [(stranger, answer)], "row-level security"
    if isinstance(constraint, TenantKey):
        field = model._meta.get_field(constraint.field).attname
        change = {field: ids.new()}
        closed = getattr(model, "APPEND_ONLY", False)
        changing = partial(rows_of(model).filter(pk=row.pk).update, **change)
        return [(change, refused(copied(row, **change) if closed else changing))], constraint.name
    if isinstance(constraint, models.UniqueConstraint) and constraint.fields == ("tenant", "id"):
        return [("same id", refused(copied(row, pk=row.pk)))], "_pkey"
    if isinstance(constraint, models.UniqueConstraint):
        own = {
            field.attname: unlike(field)
            for field in model._meta.concrete_fields
            if (field.unique and not field.primary_key) or kept_by_another(constraint, field)
        }
        return [("a copy", refused(copied(row, **own)))], constraint.name
    if getattr(model, "APPEND_ONLY", False):
        tried = [(values, copied(row, **values)) for values in attempts(constraint)]
    else:
        mine = rows_of(model).filter(pk=row.pk)
        tried = [(values, partial(mine.update, **values)) for values in attempts(constraint)]
    return [(values, refused(attempt)) for values, attempt in tried], constraint.name


def kept_by_another(constraint, field):
    """Whether another unique key than this one would refuse the same value."""
    others = {
        name
        for each in constraint.model._meta.constraints
        if isinstance(each, models.UniqueConstraint) and each.name != constraint.name
        for name in each.fields
    }
    free = others - {"id", "tenant", *constraint.fields}
    return field.name in free and not field.is_relation


def unlike(field):
    if isinstance(field, models.IntegerField):
        return 2_000_000_000
    return ids.new() if field.is_relation else str(ids.new())


@pytest.mark.parametrize("model", ours(), ids=lambda model: model._meta.label)
def test_no_constraint_can_be_broken(filled, globex, model):
    if model in READ_ONLY:
        row = model.objects.first() or model()
        assert "permission denied" in refused(copied(row), ProgrammingError)
        return
    taken = []
    for constraint in model._meta.constraints:
        constraint.model = model
        answers, word = unbroken(model, constraint, globex.tenant.pk)
        taken += [(constraint.name, *each) for each in answers if word not in each[1]]

    assert taken == []


def pairs():
    """Every `x_at` that has an `x_by` beside it."""
    for model in apps.get_models():
        names = {field.name for field in model._meta.fields}
        for name in sorted(names):
            partner = f"{name.removesuffix('_at')}_by"
            if (
                name.endswith("_at")
                and partner in names
                and model._meta.get_field(name).null
                and not hasattr(model, "tracked_fields")
            ):
                yield pytest.param(model, name, partner, id=f"{model._meta.label}.{name}")


@pytest.mark.parametrize(("model", "at", "by"), list(pairs()))
def test_a_time_and_its_person_are_set_in_pairs(filled, model, at, by):
    row = rows_of(model).filter(**{f"{at}__isnull": True}).first()

    for values in ({at: NOW}, {by: SOMEONE}):
        answer = refused(lambda values=values: rows_of(model).filter(pk=row.pk).update(**values))
        assert "violates check constraint" in answer


def test_every_unique_field_outside_tenants_is_unique(filled):
    taken = Tenant(slug=filled.tenant.slug, name="Another")
    with tenancy.tenant_scope(filled.tenant.pk):
        answer = refused(lambda: taken.save(force_insert=True), (IntegrityError, ProgrammingError))

    assert "slug" in answer or "row-level security" in answer
