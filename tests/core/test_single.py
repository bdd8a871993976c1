"""A row by its key is read and written as the ORM does it, for every model that has a life."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.test.utils import CaptureQueriesContext

from core import ids, single, tenancy
from core.models.rows import Record
from soc.models import Alert

RECORDS = [model for model in apps.get_models() if issubclass(model, Record)]

LATER = datetime(2031, 5, 6, 7, 8, 9, 10, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def each_of(model):
    return list(model.objects.defer(*model.LARGE).order_by("pk"))


def values_of(row):
    return {name: value for name, value in vars(row).items() if not name.startswith("_")}


def by_the_orm(row, names):
    row.save(update_fields=names)


def another(field, value):
    """A value of the field's kind that is not this one."""
    if isinstance(field, models.JSONField):
        return {"other": [value, 1.5, None, "ü"]}
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.IntegerField):
        return (value or 0) + 1
    if isinstance(field, models.DecimalField | models.FloatField):
        return Decimal(7) if isinstance(field, models.DecimalField) else 7.25
    if isinstance(field, models.DateTimeField):
        return LATER
    if isinstance(field, models.DateField):
        return LATER.date()
    if isinstance(field, models.UUIDField | models.ForeignKey):
        return UUID(int=5)
    return b"other" if isinstance(field, models.BinaryField) else "it's another"


def after(write, row, field):
    """What is read once the field was written, and before; nothing stays. Where the database
    refuses it: how and by which check, and None.
    """
    name, rows = field.attname, type(row).all_tenants.filter(pk=row.pk)
    before = getattr(row, name)
    value = another(field, before)
    try:
        with transaction.atomic():
            setattr(row, name, value)
            write(row, [field.name])
            found = rows.values_list(name, flat=True)[0]
            transaction.set_rollback(True)
    except DatabaseError as refusal:
        told = getattr(refusal.__cause__, "diag", None)
        return (type(refusal), told and told.constraint_name), None
    finally:
        setattr(row, name, before)
    return found, (before,)


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model._meta.label)
def test_it_is_read_as_the_orm_reads_it(filled, model):
    rows = each_of(model)

    found = [single.locked(model, row.pk) for row in rows]

    assert rows
    assert [values_of(row) for row in found] == [values_of(row) for row in rows]
    assert not any(row._state.adding for row in found)


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model._meta.label)
def test_it_is_written_as_the_orm_writes_it(filled, model):
    """Each field in turn, with another value than it has: what is read afterwards, or the check of
    the database that refuses it.
    """
    row = model.objects.first()
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]

    ours = {field.name: after(single.write, row, field) for field in fields}
    theirs = {field.name: after(by_the_orm, row, field) for field in fields}

    assert ours == theirs
    written = [name for name, (found, before) in ours.items() if before and (found,) != before]
    assert len(written) > len(fields) / 3


def test_the_row_is_locked_and_its_key_is_not(filled):
    alert = Alert.objects.first()

    with CaptureQueriesContext(connection) as sent:
        single.locked(Alert, alert.pk)

    assert [query["sql"].endswith('FOR NO KEY UPDATE OF "soc_alert"') for query in sent] == [True]


def test_what_the_manager_does_not_show_is_none(filled):
    gone = Alert.with_deleted.deleted().first()

    assert [single.locked(Alert, pk) for pk in (gone.pk, ids.new())] == [None, None]


def test_another_tenants_row_is_none(furnished, db):
    acme, globex = furnished
    with tenancy.tenant_scope(acme.tenant.pk):
        alert = Alert.objects.first()

    with tenancy.tenant_scope(globex.tenant.pk):
        assert single.locked(Alert, alert.pk) is None


def test_a_row_that_is_gone_is_not_written_in_silence(filled):
    stray = Alert.objects.first()
    stray.pk = ids.new()

    with pytest.raises(DatabaseError, match="not there"), transaction.atomic():
        single.write(stray, ["title"])


def test_a_manager_that_asks_for_more_is_refused(filled):
    class Odd(models.Manager):
        def get_queryset(self):
            return Alert.objects.filter(title="one of them")

    class Stand:
        _meta = Alert._meta
        LARGE = ()
        _default_manager = Odd()

    with pytest.raises(TypeError, match="more than tenant and key"):
        single.locked(Stand, ids.new())
