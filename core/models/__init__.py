from core.models.application import Application, IdempotencyKey, RefreshFamily, SeenSignature
from core.models.audit import AuditEvent, AuditHead, Counter
from core.models.notification import Notification, NotificationWish
from core.models.person import Membership, Person
from core.models.team import Team, TeamMember
from core.models.tenant import Tenant

__all__ = [
    "Application",
    "AuditEvent",
    "AuditHead",
    "Counter",
    "IdempotencyKey",
    "Membership",
    "Notification",
    "NotificationWish",
    "Person",
    "RefreshFamily",
    "SeenSignature",
    "Team",
    "TeamMember",
    "Tenant",
]
