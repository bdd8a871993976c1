"""Calls of steps to the outside. No transaction is open while they run."""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from typing import Any
from urllib.parse import quote, urlencode

import orjson
from django.db import transaction

from soc.models import Alert
from soc.outbound import addresses, http, mail
from soc.services import connectors, enrichment, relations
from soc.services.step_results import Claim, Result, Target, failed, succeeded

LATER = (408, 425, 429, 500, 502, 503, 504)
REDIRECTS = range(300, 400)
MAX_DEPTH = 64


def make(claim: Claim) -> Result:
    """Call, and say what came of it. What is known not to have happened is a failure; what may
    have is uncertain, unless calling again does no harm.
    """
    try:
        return _CALLS[claim.kind](claim)
    except addresses.Refused as refusal:
        return failed(str(refusal))
    except (http.NotSent, TimeoutError) as missed:
        return failed(str(missed) or "There was no time left to connect.", again=True)
    except http.NoAnswer as lost:
        return _unknown(claim, str(lost))
    except (ValueError, RecursionError):
        return failed("The values of this step make no request that can be sent.")


def check(target: Target, timeout: float = 10.0) -> tuple[str, str]:
    """Whether a connector can be reached: `ok` or `failed`, and why."""
    allowed = connectors.allowed(target.tenant)
    try:
        place = addresses.read(target.url, connectors.SCHEMES[target.kind])
        if target.kind != "http":
            http.connect(place, time.monotonic() + timeout, allowed).close()
            return "ok", "It takes connections."
        request = http.Request("GET", place.path or "/", _identity(target, b""))
        answer = http.send(place, request, timeout=timeout, allowed=allowed)
    except (addresses.Refused, http.NotSent, http.NoAnswer, TimeoutError) as fault:
        return "failed", str(fault) or "It did not answer in time."
    if answer.status in (401, 403):
        return "failed", f"It answered {answer.status}: it does not take the secret."
    return ("ok" if answer.status < 500 else "failed"), f"It answered {answer.status}."


def _http(claim: Claim) -> Result:
    given = claim.given
    query = urlencode({name: str(each) for name, each in (given.get("query") or {}).items()})
    named = {str(name): str(each) for name, each in (given.get("headers") or {}).items()}
    method = given.get("method") or "GET"
    path = str(given.get("path") or "")
    return _send(claim, method, path, query, named, given.get("body"), given.get("expect") or [])


def _webhook(claim: Claim) -> Result:
    return _send(claim, "POST", "", "", {}, claim.given["body"], [])


def _chat(claim: Claim) -> Result:
    return _send(claim, "POST", "", "", {}, {"text": str(claim.given["text"])}, [])


def _email(claim: Claim) -> Result:
    target = _target(claim)
    place = addresses.read(target.url, connectors.SCHEMES["smtp"])
    message = EmailMessage()
    message["From"] = target.sender or target.username
    message["To"] = ", ".join(str(each) for each in claim.given["to"])
    message["Subject"] = " ".join(str(claim.given["subject"]).split())[:250]
    message["Message-ID"] = f"<{claim.idempotency_key.replace(':', '.')}@soc-platform>"
    message.set_content(str(claim.given["text"]))
    login = mail.Login(target.username, target.secret) if target.secret else mail.Login()
    allowed = connectors.allowed(target.tenant)
    mail.send(place, message, login=login, timeout=claim.timeout, allowed=allowed)
    return succeeded({"sent_to": len(claim.given["to"])})


def _enrich(claim: Claim) -> Result:
    """The indicators of the alert, by what the platform knows itself; it may run twice."""
    if claim.alert_id is None:
        return failed("This run is about no alert.")
    enrichment.of_alerts([claim.alert_id])
    with transaction.atomic():
        alert = Alert.objects.for_list().filter(pk=claim.alert_id).first()
        links = relations.indicators_of([claim.alert_id]).get(claim.alert_id, [])
    if alert is None:
        return failed("The alert was deleted.")
    found = [
        {
            "type": each.indicator.type,
            "value": each.indicator.value,
            "malice": each.indicator.malice,
        }
        for each in links
    ]
    return succeeded({"malice": alert.malice, "indicators": found[:200]})


def _send(
    claim: Claim,
    method: str,
    path: str,
    query: str,
    named: Mapping[str, str],
    body: Any,
    expect: list[Any],
) -> Result:
    target = _target(claim)
    place = addresses.read(target.url, connectors.SCHEMES["http"])
    raw, content_type = _bytes(body)
    headers = {"User-Agent": "soc-platform", "Accept": "application/json"}
    headers |= {"Content-Type": content_type} if raw else {}
    headers |= {name: value for name, value in named.items() if _may_set(name)}
    headers |= _identity(target, raw) | {"Idempotency-Key": claim.idempotency_key}
    if not all(each.isprintable() and each.isascii() for each in headers.values()):
        return failed("A header holds characters that headers cannot.")
    whole = f"{place.path}/{quote(path.lstrip('/'), safe='/:@!$&,;=~+%')}" if path else place.path
    request = http.Request(method, (whole or "/") + (f"?{query}" if query else ""), headers, raw)
    allowed = connectors.allowed(target.tenant)
    answer = http.send(place, request, timeout=claim.timeout, allowed=allowed)
    return _read(answer, expect, target)


def _read(answer: http.Answer, expect: list[Any], target: Target) -> Result:
    good = [int(each) for each in expect if str(each).isdigit()]
    found = {"status": answer.status, "headers": dict(answer.headers), "body": None}
    if answer.cut:
        told = f"It answered with more than {http.MAX_BYTES} bytes, or packed; that is not read."
        return failed(told, output=found)
    found["body"] = _without_secret(_body(answer), target)
    found["headers"] = _without_secret(found["headers"], target)
    if answer.status in good or (not good and 200 <= answer.status < 300):
        return succeeded(found)
    if answer.status in REDIRECTS:
        return failed(f"It answered {answer.status}, a redirect; none is followed.", output=found)
    again = answer.status in LATER
    return failed(f"It answered {answer.status}.", output=found, again=again)


def _identity(target: Target, raw: bytes) -> dict[str, str]:
    """The headers by which the other side knows who calls."""
    if target.auth_scheme == "basic":
        pair = base64.b64encode(f"{target.username}:{target.secret}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}
    if target.auth_scheme == "bearer":
        return {"Authorization": f"Bearer {target.secret}"}
    if target.auth_scheme == "header":
        return {target.header_name: target.secret}
    if target.auth_scheme == "signature":
        at = str(int(time.time()))
        signed = hmac.new(target.secret.encode(), f"{at}.".encode() + raw, hashlib.sha256)
        return {"X-Soc-Timestamp": at, "X-Soc-Signature": f"sha256={signed.hexdigest()}"}
    return {}


def _may_set(name: str) -> bool:
    own = (*connectors.OWN_HEADERS, "authorization", "proxy-authorization", "x-soc-signature")
    return name.lower() not in own and name.isascii() and name.replace("-", "").isalnum()


def _bytes(body: Any) -> tuple[bytes, str]:
    if body in (None, ""):
        return b"", ""
    if isinstance(body, str):
        return body.encode(), "text/plain; charset=utf-8"
    return orjson.dumps(body), "application/json"


def _body(answer: http.Answer) -> Any:
    """The body as JSON where it is that, else as text; as the database can keep it."""
    if "json" in answer.headers.get("content-type", ""):
        try:
            return _kept(orjson.loads(answer.body), MAX_DEPTH)
        except (orjson.JSONDecodeError, ValueError):
            pass
    return answer.body.decode("utf-8", "replace").replace("\x00", "\ufffd")


def _kept(value: Any, depth: int) -> Any:
    if depth == 0:
        raise ValueError("too deep")
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd")
    if isinstance(value, list):
        return [_kept(each, depth - 1) for each in value]
    if isinstance(value, dict):
        return {_kept(name, 1): _kept(each, depth - 1) for name, each in value.items()}
    return value


def _without_secret(value: Any, target: Target) -> Any:
    """Some services answer with what they were sent; the ledger does not keep that."""
    if not target.secret:
        return value
    pair = base64.b64encode(f"{target.username}:{target.secret}".encode()).decode()
    if isinstance(value, str):
        return value.replace(target.secret, "[secret]").replace(pair, "[secret]")
    if isinstance(value, list):
        return [_without_secret(each, target) for each in value]
    if isinstance(value, dict):
        return {
            _without_secret(name, target): _without_secret(each, target)
            for name, each in value.items()
        }
    return value


def _target(claim: Claim) -> Target:
    if claim.connector is None:
        raise ValueError("a call without a connector")
    return claim.connector


def _unknown(claim: Claim, told: str) -> Result:
    if claim.kind == "http" and claim.given.get("method", "GET") == "GET":
        return failed(told, again=True)
    error = f"{told} Whether it happened is not known: look at the other side, then settle the run."
    return Result("uncertain", error=error, again=claim.repeatable)


_CALLS: dict[str, Callable[[Claim], Result]] = {
    "http": _http,
    "webhook": _webhook,
    "chat": _chat,
    "email": _email,
    "enrich": _enrich,
}
