"""What is thrown away when its time is over: answers kept for replay, spent refresh families,
signatures out of their window.
"""

from datetime import timedelta

from django.utils import timezone

from core.models import IdempotencyKey, RefreshFamily, SeenSignature

ANSWERS_KEPT_FOR = timedelta(hours=24)
SIGNATURES_KEPT_FOR = timedelta(hours=1)  # longer than their window


def delete_expired() -> int:
    """Delete what has expired in the current tenant; how many rows that were."""
    now = timezone.now()
    answers, _ = IdempotencyKey.objects.filter(created_at__lt=now - ANSWERS_KEPT_FOR).delete()
    families, _ = RefreshFamily.objects.filter(expires_at__lt=now).delete()
    signatures, _ = SeenSignature.objects.filter(created_at__lt=now - SIGNATURES_KEPT_FOR).delete()
    return int(answers + families + signatures)
