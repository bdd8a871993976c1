"""ATT&CK, as it was published: public reference data, the same for all tenants."""

from typing import ClassVar

from django.db import models

from core import ids


class Published(models.Model):
    """A row that belongs to no tenant. The platform role writes it; everybody else reads."""

    READ_ONLY: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)

    class Meta:
        abstract = True


class AttackVersion(Published):
    """One edition of the matrix. All are kept; the one imported last is current."""

    name = models.TextField()
    imported_at = models.DateTimeField()
    is_current = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["name"], name="attack_version_once"),
            models.UniqueConstraint(
                fields=["is_current"],
                condition=models.Q(is_current=True),
                name="attack_one_version_is_current",
            ),
        )

    def __str__(self) -> str:
        return self.name


class AttackTactic(Published):
    """A column of the matrix; `position` is its place."""

    version = models.ForeignKey(
        AttackVersion, on_delete=models.CASCADE, related_name="tactics", db_index=False
    )
    attack_id = models.TextField()
    short_name = models.TextField()
    name = models.TextField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["version", "attack_id"], name="attack_tactic_once_per_version"
            ),
        )

    def __str__(self) -> str:
        return f"{self.attack_id} {self.name}"


class AttackTechnique(Published):
    """A technique or sub-technique; `tactics` are the ids of its columns."""

    version = models.ForeignKey(
        AttackVersion, on_delete=models.CASCADE, related_name="techniques", db_index=False
    )
    attack_id = models.TextField()
    name = models.TextField()
    is_subtechnique = models.BooleanField(default=False)
    tactics = models.JSONField(default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["version", "attack_id"], name="attack_technique_once_per_version"
            ),
        )

    def __str__(self) -> str:
        return f"{self.attack_id} {self.name}"
