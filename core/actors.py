"""Who acts: a person or an application in one tenant, with the scopes it holds there."""

from dataclasses import dataclass
from uuid import UUID

from core import scopes
from core.errors import ScopeMissing

SYSTEM_PERSON_ID = UUID("00000000-0000-7000-8000-000000000001")
SOURCE_TYPES = ("frontend", "backend", "server", "system", "api")


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who is answerable for a change.

    `source_type` says where the write comes from (seed pages): admin `frontend`, worker `system`,
    command `backend`, a person's token `api`, an application's token `server`. `sources` are the
    tools that an application may send for, in lower case; empty means any.
    """

    person_id: UUID
    tenant_id: UUID
    scopes: frozenset[str]
    source_type: str
    name: str = ""
    email: str = ""
    role: str = ""
    app_id: UUID | None = None
    sources: frozenset[str] = frozenset()

    def may(self, scope: str) -> bool:
        return scope in self.scopes

    def may_send_for(self, source_name: str) -> bool:
        return not self.sources or source_name.lower() in self.sources

    def require(self, scope: str) -> None:
        """Pass, or raise ScopeMissing naming the scope."""
        if not self.may(scope):
            raise ScopeMissing(scope)


def system(tenant_id: UUID, *, source_type: str = "system") -> Actor:
    """The platform itself: jobs and commands write in its name."""
    return Actor(
        person_id=SYSTEM_PERSON_ID,
        tenant_id=tenant_id,
        scopes=scopes.ALL,
        source_type=source_type,
        name="SOC platform",
        role="system",
    )
