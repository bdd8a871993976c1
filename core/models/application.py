"""Applications: tools and scripts that act with a key of their own."""

from typing import ClassVar

from django.db import models

from core.constraints import tenant_rules
from core.history import FieldHistory
from core.models.person import Person
from core.models.rows import Record, TenantRow, record_rules


class Application(Record):
    """A tool with a client id and a secret that is shown once; it acts as a service person of its
    own.

    The secret is 256 random bits, kept as SHA-256: a slow hash is for passwords that people think
    up.
    """

    ID_PREFIX: ClassVar[str] = "app"

    name = models.TextField()
    person = models.OneToOneField(
        Person, on_delete=models.PROTECT, related_name="application", editable=False
    )
    client_id = models.TextField(unique=True, editable=False)
    secret_digest = models.BinaryField(max_length=32, editable=False)
    signing_secret = models.BinaryField(null=True, editable=False)  # sealed: it must be read again
    scopes = models.JSONField(default=list)
    sources = models.JSONField(default=list, blank=True)
    is_active = models.BooleanField(default=True, editable=False)

    history = FieldHistory(without=["secret_digest", "signing_secret"])

    class Meta:
        constraints = (
            *record_rules(),
            models.UniqueConstraint(
                fields=["tenant", "name"],
                condition=models.Q(is_deleted=False),
                name="application_name_once_per_tenant",
            ),
        )

    def __str__(self) -> str:
        return self.name


class RefreshFamily(TenantRow):
    """The chain of refresh tokens that grew from one sign-in; using an old one ends the whole
    chain.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    current = models.UUIDField()
    revoked_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "refresh families"
        constraints = tenant_rules()


class IdempotencyKey(TenantRow):
    """An answer that was given to a POST with an Idempotency-Key, kept to be given again."""

    person_id = models.UUIDField()
    key = models.TextField()
    fingerprint = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField()
    body = models.BinaryField()
    content_type = models.TextField()
    etag = models.TextField(default="")

    class Meta:
        constraints = (
            *tenant_rules(),
            models.UniqueConstraint(
                fields=["tenant", "person_id", "key"], name="idempotency_key_once_per_person"
            ),
        )
        indexes = (models.Index(fields=["tenant", "created_at"], name="idempotency_by_age"),)


class SeenSignature(TenantRow):
    """A signature of a webhook that was taken in; the same one again is a replay."""

    digest = models.BinaryField(max_length=32)

    class Meta:
        constraints = (
            *tenant_rules(),
            models.UniqueConstraint(fields=["tenant", "digest"], name="signature_seen_once"),
        )
        indexes = (models.Index(fields=["tenant", "created_at"], name="signature_by_age"),)
