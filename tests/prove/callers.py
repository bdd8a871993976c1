"""Who calls: a person's token, an application's token, a signed-in browser, and nobody; by the real
middleware.
"""

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from core.models import Person
from tests import factories
from tests.prove.cast import Side

CSRF = "c" * 32
UNSTEADY = {"x-request-id", "content-length", "set-cookie", "vary"}


@dataclass(frozen=True)
class Answer:
    """What came back, as text; `head` has the headers that say something."""

    status: int
    head: str
    body: str

    @property
    def text(self) -> str:
        return f"{self.status}\n{self.head}\n{self.body}"

    @property
    def is_page(self) -> bool:
        return "<html" in self.body[:1000]

    def masked(self, sent: tuple[str, ...]) -> str:
        """The answer without the ids that were sent, in which two may differ."""
        text = self.text
        for word in sent:
            text = text.replace(word, "<id>")
        return text


class Caller:
    """Sends requests with a credential in the Authorization header."""

    def __init__(self, name: str, authorization: str = "") -> None:
        self.name = name
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        self.headers = {"authorization": authorization} if authorization else {}

    def send(self, method: str, path: str, body: Any = None) -> Answer:
        """One request; a body goes as JSON."""
        return self._sent(
            method, path, json.dumps(body or {}), "application/json", "application/json"
        )

    def _sent(self, method: str, path: str, data: Any, kind: str, accept: str) -> Answer:
        quiet = method in ("GET", "HEAD", "OPTIONS")
        response = self.client.generic(
            method, path, "" if quiet else data, kind, headers=self.headers | {"accept": accept}
        )
        heads = {name.lower(): value for name, value in response.headers.items()}
        cookies = [
            f"{name}={each.value}"
            for name, each in response.cookies.items()
            if name not in OWN_COOKIES
        ]
        lines = [
            f"{name}: {value}" for name, value in sorted(heads.items()) if name not in UNSTEADY
        ]
        body = b"".join(response.streaming_content) if response.streaming else response.content
        return Answer(
            response.status_code, "\n".join(lines + cookies), body.decode("utf-8", "replace")
        )


OWN_COOKIES = ("csrftoken", "sessionid")


class Browser(Caller):
    """A signed-in person: session cookie and CSRF token; forms in the admin, JSON in the API, pages
    to read.
    """

    def __init__(self, name: str, person: Person) -> None:
        super().__init__(name)
        self.person = person
        self.session_key = ""

    def send(self, method: str, path: str, body: Any = None) -> Answer:
        self._stay_signed_in()
        if path.startswith(("/api/", "/v1/")):
            accept = "text/html" if method == "GET" else "application/json"
            return self._sent(method, path, json.dumps(body or {}), "application/json", accept)
        return self._sent(
            method, path, _form(body or {}), "application/x-www-form-urlencoded", "text/html"
        )

    def _stay_signed_in(self) -> None:
        """Every try starts with the same session: one before may have signed out, or left a message
        with its id.
        """
        if (
            not self.session_key
            or not Session.objects.filter(session_key=self.session_key).exists()
        ):
            self.client.logout()
            self.client.force_login(self.person, backend=settings.AUTHENTICATION_BACKENDS[-1])
            self.session_key = self.client.session.session_key or ""
        self.client.cookies.clear()
        self.client.cookies["sessionid"] = self.session_key
        self.client.cookies["csrftoken"] = CSRF
        self.headers = {"x-csrftoken": CSRF}


def _form(body: dict[str, Any]) -> str:
    from urllib.parse import urlencode

    return urlencode({"csrfmiddlewaretoken": CSRF} | body, doseq=True)


def attackers(side: Side) -> list[Caller]:
    """The ways in which A may come."""
    return [person(side), application(side), browser(side)]


def person(side: Side, role: str = "tenant_admin") -> Caller:
    client = factories.client_for(side.cast, role)
    return Caller(f"token of {role}", client._credentials["HTTP_AUTHORIZATION"])


def application(side: Side) -> Caller:
    answer = Caller("").send(
        "POST",
        "/api/v1/auth/app-token",
        {"client_id": side.key.application.client_id, "client_secret": side.key.secret},
    )
    return Caller("token of an application", f"Bearer {json.loads(answer.body)['access']}")


def browser(side: Side, role: str = "tenant_admin") -> Browser:
    return Browser(f"browser of {role}", side.cast.people[role])
