"""The Python client of the SOC platform.

    with Client("https://soc.example.org", client_id="…", client_secret="…") as client:
        for alert in client.soc.alerts.iterate(severity="high,critical"):
            client.soc.alerts.acknowledge(alert["id"], note="Looking.")

`AsyncClient` has the same names, awaited.
"""

from soc_client.client import AsyncClient, Client
from soc_client.credentials import Credentials
from soc_client.errors import (
    ApiError,
    BadInput,
    Conflict,
    Forbidden,
    InputNeeded,
    NotFound,
    NotSignedIn,
    ServerError,
    Stale,
    TooLarge,
    TooManyRequests,
    Unreachable,
)
from soc_client.pages import AsyncPage, Page

__all__ = [
    "ApiError",
    "AsyncClient",
    "AsyncPage",
    "BadInput",
    "Client",
    "Conflict",
    "Credentials",
    "Forbidden",
    "InputNeeded",
    "NotFound",
    "NotSignedIn",
    "Page",
    "ServerError",
    "Stale",
    "TooLarge",
    "TooManyRequests",
    "Unreachable",
]
