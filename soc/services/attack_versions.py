"""Editions of ATT&CK: kept side by side, one of them current. Run as the platform role."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from soc.attack_bundle import Bundle
from soc.models import AttackTactic, AttackTechnique, AttackVersion


@transaction.atomic
def take(bundle: Bundle) -> int:
    """Keep an edition and make it the current one; how many of its tactics and techniques are new.
    What an edition of that name holds already stays as it is.
    """
    AttackVersion.objects.select_for_update().filter(is_current=True).update(is_current=False)
    version, _ = AttackVersion.objects.update_or_create(
        name=bundle.version, defaults={"is_current": True, "imported_at": timezone.now()}
    )
    tactics = [
        AttackTactic(
            version=version,
            attack_id=each.attack_id,
            short_name=each.short_name,
            name=each.name,
            position=each.position,
        )
        for each in bundle.tactics
    ]
    techniques = [
        AttackTechnique(
            version=version,
            attack_id=each.attack_id,
            name=each.name,
            is_subtechnique=each.is_subtechnique,
            tactics=each.tactics,
        )
        for each in bundle.techniques
    ]
    return _add(AttackTactic, version, tactics) + _add(AttackTechnique, version, techniques)


def _add(model: Any, version: AttackVersion, rows: Iterable[Any]) -> int:
    known = set(model.objects.filter(version=version).values_list("attack_id", flat=True))
    fresh = {row.attack_id: row for row in rows if row.attack_id not in known}
    model.objects.bulk_create(fresh.values(), batch_size=500)
    return len(fresh)
