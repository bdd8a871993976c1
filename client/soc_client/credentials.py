"""Who calls: a person of a tenant, an application, or a token made elsewhere."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Credentials:
    """Give `email`, `password` and `tenant`; or `client_id` and `client_secret`; or a `token`.

    A token is used as it is; the others fetch one, and another when it does not count any more.
    """

    email: str = ""
    password: str = ""
    tenant: str = ""
    client_id: str = ""
    client_secret: str = ""
    token: str = ""

    def __post_init__(self) -> None:
        person = bool(self.email and self.password and self.tenant)
        application = bool(self.client_id and self.client_secret)
        if person + application + bool(self.token) != 1:
            raise ValueError(
                "Give email, password and tenant, or client_id and client_secret, or a token."
            )

    def __repr__(self) -> str:
        return f"Credentials({self.email or self.client_id or 'a token'})"

    def request(self) -> tuple[str, dict[str, Any]] | None:
        """Where a token is fetched, and with what; None where it was given."""
        if self.token:
            return None
        if self.client_id:
            body = {"client_id": self.client_id, "client_secret": self.client_secret}
            return "/api/v1/auth/app-token", body
        body = {"email": self.email, "password": self.password, "tenant": self.tenant}
        return "/api/v1/auth/token", body
