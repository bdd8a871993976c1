"""A row by its key is read and written as the ORM does it, for every model that has a life."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.test.utils import CaptureQueriesContext

from core import ids, single, tenancy
from core.models.rows import Record
from soc.models import Alert

RECORDS = [model for model in apps.get_models() if issubclass(model, Record)]

pytestmark = pytest.mark.django_db


def each_of(model):
    return list(model.objects.defer(*model.LARGE).order_by("pk"))


def values_of(row):
    return {name: value for name, value in vars(row).items() if not name.startswith("_")}


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model._meta.label)
def test_it_is_read_as_the_orm_reads_it(filled, model):
    rows = each_of(model)

    found = [single.locked(model, row.pk) for row in rows]

    assert rows
    assert [values_of(row) for row in found] == [values_of(row) for row in rows]
    assert not any(row._state.adding for row in found)


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model._meta.label)
def test_what_is_written_again_stays_as_it_was(filled, model):
    names = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    kept = [name for name in names if name not in model.LARGE]
    rows = each_of(model)

    for row in rows:
        single.write(row, kept)

    assert [values_of(row) for row in each_of(model)] == [values_of(row) for row in rows]


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
