"""Scopes and the roles that bundle them (design: people, roles, tokens)."""

VIEWER = frozenset({"soc:read", "grc:read"})
ANALYST = VIEWER | {"soc:write", "soc:ingest"}
RESPONDER = ANALYST | {"sentinel:respond", "playbooks:run", "grc:write"}
MANAGER = RESPONDER | {"soc:configure", "playbooks:write", "approvals:decide"}
COMPLIANCE = VIEWER | {"grc:write"}
TENANT_ADMIN = MANAGER | {"admin:tenant"}

ROLES: dict[str, frozenset[str]] = {
    "viewer": VIEWER,
    "analyst": ANALYST,
    "responder": RESPONDER,
    "manager": MANAGER,
    "compliance": COMPLIANCE,
    "tenant_admin": TENANT_ADMIN,
}
ROLE_CHOICES = [(role, role.replace("_", " ").capitalize()) for role in ROLES]
ALL = TENANT_ADMIN
