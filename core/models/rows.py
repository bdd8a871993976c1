"""The bases of every tenant table."""

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from core import ids, tenancy
from core.constraints import tenant_rules
from core.querysets import LiveManager, TenantManager

# Characters of a text that has an index: an entry has at most 2,704 bytes, a character up to four.
INDEXABLE = 500


def _tenant(*, db_constraint: bool = True) -> Any:
    return models.ForeignKey(
        "core.Tenant",
        on_delete=models.PROTECT,
        default=tenancy.required,
        editable=False,
        related_name="+",
        db_index=False,  # every index of a tenant table starts with this column anyway
        db_constraint=db_constraint,
    )


class TenantRow(models.Model):
    """A row that belongs to a tenant: links, ledgers, keys, counters, clocks."""

    ID_PREFIX: ClassVar[str] = ""

    APPEND_ONLY: ClassVar[bool] = False  # the app role may add rows, and change or remove none
    SHARED: ClassVar[bool] = False  # shared rows are seen by every application of the tenant

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    tenant = _tenant()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[Any] = TenantManager()
    all_tenants: ClassVar[Any] = models.Manager()

    class Meta:
        abstract = True
        constraints = tenant_rules()

    @property
    def shown_id(self) -> str:
        """The id as people and tools see it: `alr_01j…`."""
        return ids.show(self.ID_PREFIX, self.pk) or ""


class LinkRow(TenantRow):
    """A row that hangs on others of its tenant, written by the thousand: the tenant's key is theirs
    (`link_rules`), so that the database looks at it once and not for every link.
    """

    tenant = _tenant(db_constraint=False)

    class Meta:
        abstract = True


class Record(TenantRow):
    """A resource, with every base column of the seed pages.

    `version` rises with every change that a person or a client makes and is the ETag. `created_by`
    and `updated_by` are ids of people; `app_id` is set where an application wrote the row.
    """

    PART: ClassVar[bool] = False  # a part goes and comes with the row that it hangs on
    # Fields that change without a version, and the one with which the history tells of them; with
    # none ('') it never does.
    FOLLOWING: ClassVar[dict[str, str]] = {}
    LARGE: ClassVar[tuple[str, ...]] = ()  # what verbs and lists leave unread

    app_id = models.UUIDField(null=True, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.UUIDField(editable=False)
    updated_by = models.UUIDField(editable=False)
    source = models.TextField(default="edm", editable=False)
    source_type = models.TextField(default="api", editable=False)
    is_deleted = models.BooleanField(default=False, editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)
    deleted_by = models.UUIDField(null=True, editable=False)
    schema_version = models.PositiveSmallIntegerField(default=1, editable=False)
    tags = models.JSONField(default=list, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[Any] = LiveManager()
    with_deleted: ClassVar[Any] = TenantManager()
    all_tenants: ClassVar[Any] = models.Manager()

    class Meta:
        abstract = True
        constraints = tenant_rules()


def deletion_in_pairs() -> models.CheckConstraint:
    """A row is deleted, when and by whom: all three or none."""
    gone = models.Q(is_deleted=True, deleted_at__isnull=False, deleted_by__isnull=False)
    here = models.Q(is_deleted=False, deleted_at__isnull=True, deleted_by__isnull=True)
    return models.CheckConstraint(
        condition=gone | here, name="%(class)s_deleted_with_time_and_person"
    )


def record_rules(*keys: str) -> list[models.BaseConstraint]:
    """The constraints of every resource: those of a tenant table, and that deletion names time and
    person.
    """
    return [*tenant_rules(*keys), deletion_in_pairs()]
