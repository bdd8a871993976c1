"""Connectors: who may write them, that their secrets never come out, and the steps that call."""

import hashlib
import hmac
import io
import json

import pytest
from django.core.management import call_command
from django.db import connection

from core import ids, secrets
from core.errors import Conflict
from core.models import AuditEvent
from soc.models import Connector, StepRun
from soc.services import connectors
from tests import factories
from tests.playbooks.factories import (
    CONNECTORS,
    connector,
    of_step,
    playbook,
    run_due_jobs,
    started,
    step,
    worked,
)
from tests.playbooks.stub import mail_server, say
from tests.soc.factories import within

SECRET = "canary-of-a-secret-8c1f"


def test_a_secret_goes_in_and_never_comes_out(api, acme):
    body = {"name": "Firewall", "url": "https://fw.example.com/api", "auth_scheme": "bearer"}
    made = api.post(CONNECTORS, {**body, "secret": SECRET}).json()
    url = f"{CONNECTORS}/{made['id']}"
    texts = [str(api.get(place).json()) for place in (url, CONNECTORS, f"{url}/history")]

    def rows():
        found = (AuditEvent.objects, Connector.objects, Connector.history)
        yield from (str(list(each.values())) for each in found)
        yield repr(connectors.target(made["id"]))

    texts += within(acme, lambda: list(rows()))
    assert made["secret_set_at"]
    assert [text for text in [str(made), *texts] if SECRET in text] == []
    assert within(acme, lambda: connectors.target(made["id"]).secret) == SECRET


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({"url": "https://fw.example.com/v2"}, True),
        ({"name": "New name"}, True),
        ({"url": "https://evil.example.com/api"}, False),
        ({"url": "https://fw.example.com:8443/api"}, False),
        ({"url": "http://fw.example.com/api"}, False),
        ({"secret": ""}, False),
    ],
)
def test_another_host_clears_the_secret(in_acme, change, kept):
    made = connector(in_acme, "https://fw.example.com/api", auth_scheme="bearer", secret=SECRET)

    changed = connectors.update(made, change, actor=in_acme.actor())

    assert (changed.secret is not None) is kept


def test_a_sealed_secret_opens_in_its_own_place_only(in_acme):
    made = connector(in_acme, "https://fw.example.com", auth_scheme="bearer", secret=SECRET)
    place = f"connector:{made.pk}:secret"

    for tenant_id, where in ((ids.new(), place), (in_acme.tenant.pk, f"{place}x")):
        with pytest.raises(secrets.Unreadable):
            secrets.open_sealed(made.secret, tenant_id=tenant_id, place=where)


def test_a_new_key_in_front_seals_everything_anew(in_acme, settings):
    made = connector(in_acme, "https://fw.example.com", auth_scheme="bearer", secret=SECRET)
    old = settings.SECRETS_KEYS
    settings.SECRETS_KEYS = ["n" * 40, *old]

    assert connectors.rotate(actor=in_acme.actor()) == 1
    settings.SECRETS_KEYS = ["n" * 40]

    assert connectors.target(made.shown_id).secret == SECRET
    settings.SECRETS_KEYS = ["o" * 40]
    assert connectors.unreadable() == 1


def test_the_command_says_how_many_it_sealed(acme):
    told = io.StringIO()

    call_command("rotate_secrets", stdout=told)

    assert "0 secrets are sealed with the newest key now." in told.getvalue()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"url": "http://169.254.169.254/latest"}, "url"),
        ({"url": "http://user:pw@example.com"}, "url"),
        ({"url": "smtp://mail.example.com"}, "url"),
        ({"kind": "ftp"}, "kind"),
        ({"auth_scheme": "header"}, "header_name"),
        ({"auth_scheme": "header", "header_name": "Host"}, "header_name"),
        ({"kind": "smtp", "auth_scheme": "bearer"}, "auth_scheme"),
        ({"secret": "two\nlines"}, "secret"),
    ],
)
def test_what_no_connector_can_be_is_refused_by_its_field(api, body, field):
    answer = api.post(CONNECTORS, body)

    assert answer.status_code == 400
    assert field in answer.content.decode()


def test_only_an_administrator_writes_connectors(acme):
    manager = factories.client_for(acme, "manager")

    assert manager.post(CONNECTORS, {}).status_code == 403
    assert manager.get(CONNECTORS).status_code == 200


def test_a_connector_in_use_stays(in_acme):
    made = connector(in_acme, "https://fw.example.com")
    playbook(in_acme, step("call", "http", connector_id=made.shown_id))

    with pytest.raises(Conflict, match="These playbooks need it: Trial"):
        connectors.delete(made, actor=in_acme.actor())


def test_a_check_runs_in_the_worker(in_acme, stub):
    made = connector(in_acme, stub.url)

    asked = connectors.check_later(made, actor=in_acme.actor())
    run_due_jobs()

    assert asked.health == "checking"
    made.refresh_from_db()
    assert (made.health, made.health_message, made.version) == ("ok", "It answered 200.", 1)


def called(cast, stub, *, scheme="bearer", **given):
    target = connector(
        cast,
        f"{stub.url}/base",
        auth_scheme=scheme,
        username="u",
        header_name="X-Key",
        secret=SECRET,
    )
    run = started(cast, step("call", "http", connector_id=target.shown_id, **given))
    return run, of_step(run, "call")


@pytest.mark.parametrize("scheme", ["basic", "bearer", "header", "signature"])
def test_a_call_identifies_itself_and_says_its_key(in_acme, stub, scheme):
    run, row = called(
        in_acme,
        stub,
        scheme=scheme,
        method="POST",
        path="/block",
        query={"a": "b c"},
        headers={"X-Own": "{{ run.id }}", "Host": "evil"},
        body={"run": "{{ run.id }}"},
    )

    method, path, headers, body = stub.seen[0]
    assert (run.status, method, path) == ("succeeded", "POST", "/base/block?a=b+c")
    assert json.loads(body) == {"run": run.shown_id}
    assert headers["X-Own"] == run.shown_id
    assert headers["Host"].startswith("127.0.0.1:")
    assert headers["Idempotency-Key"] == f"{run.shown_id}:{row.shown_id}:1"
    signed = f"{headers.get('X-Soc-Timestamp')}.".encode() + body
    digest = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    expected = {
        "basic": ("Authorization", "Basic dTpjYW5hcnktb2YtYS1zZWNyZXQtOGMxZg=="),
        "bearer": ("Authorization", f"Bearer {SECRET}"),
        "header": ("X-Key", SECRET),
        "signature": ("X-Soc-Signature", f"sha256={digest}"),
    }
    name, value = expected[scheme]
    assert headers[name] == value
    assert row.output["body"] == {"ok": True, "score": 87}


def echo(handler):
    say(handler, 200, json.dumps({"got": handler.headers["Authorization"]}).encode())


def test_an_answer_that_repeats_the_secret_is_kept_without_it(in_acme, stub):
    stub.answers["/base"] = echo

    _, row = called(in_acme, stub)

    assert row.output["body"] == {"got": "Bearer [secret]"}


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda h: say(h, 302, Location="http://169.254.169.254/"), "a redirect; none is followed"),
        (lambda h: say(h, 404), "It answered 404."),
        (lambda h: say(h, 200, b"x" * 60_000), "more than"),
        (lambda h: say(h, 200, b"\x1f\x8b", Content_Encoding="gzip"), "or packed"),
    ],
)
def test_an_answer_that_is_no_good_is_the_reason_on_the_run(in_acme, stub, answer, told):
    stub.answers["/base"] = answer

    run, _ = called(in_acme, stub, method="POST")

    assert (run.status, told in run.error, len(stub.seen)) == ("failed", True, 1)


def test_a_busy_service_is_tried_again_with_another_key(in_acme, stub):
    stub.answers["/base"] = lambda handler: say(handler, 503 if len(stub.seen) < 3 else 200, b"{}")

    run, _ = called(in_acme, stub, method="POST", retries=2, backoff_seconds=1)
    while run.status == "running":
        with connection.cursor() as cursor:
            cursor.execute(
                "update procrastinate_jobs set scheduled_at = null where status = 'todo'"
            )
        worked(run)

    assert (run.status, [key.rpartition(":")[2] for key in stub.calls]) == (
        "succeeded",
        ["1", "2", "3"],
    )


@pytest.mark.parametrize(("method", "status"), [("POST", "uncertain"), ("GET", "failed")])
def test_no_answer_to_what_may_have_happened_waits_for_a_person(in_acme, stub, method, status):
    stub.answers["/base"] = lambda handler: handler.connection.close()

    run, row = called(in_acme, stub, method=method)

    assert run.status == status
    assert StepRun.objects.get(pk=row.pk).error


def test_texts_that_the_ledger_cannot_keep_are_mended(in_acme, stub):
    stub.answers["/base"] = lambda handler: say(handler, 200, b'{"a": "x\\u0000y"}')

    run, row = called(in_acme, stub)

    assert (run.status, row.output["body"]) == ("succeeded", {"a": "x\ufffdy"})


def mailed(cast, url, **given):
    target = connector(cast, url, kind="smtp", sender="soc@acme.test")
    to = {"to": ["a@acme.test", "b@acme.test"], "subject": "Seen\n{{ run.id }}", "text": "Look."}
    return started(cast, step("mail", "email", connector_id=target.shown_id, **to, **given))


def test_an_email_goes_to_the_tenants_own_server(in_acme, stub):
    with mail_server() as (url, kept):
        run = mailed(in_acme, url)

    assert (run.status, run.error) == ("succeeded", "")
    assert "To: a@acme.test, b@acme.test" in kept[0]
    assert f"Subject: Seen {run.shown_id}" in kept[0]


@pytest.mark.parametrize("word", ["MAIL", "RCPT", "DATA"])
def test_an_email_that_is_refused_was_not_sent(in_acme, stub, word):
    with mail_server(word) as (url, kept):
        run = mailed(in_acme, url)

    assert (run.status, kept) == ("failed", [])
    assert "refused the e-mail" in run.error


def test_a_chat_message_and_a_signed_webhook(in_acme, stub):
    chat = connector(in_acme, f"{stub.url}/hook", kind="chat")
    signed = connector(in_acme, f"{stub.url}/in", auth_scheme="signature", secret=SECRET)

    run = started(
        in_acme,
        step("say", "chat", connector_id=chat.shown_id, text="Hello"),
        step("hook", "webhook", connector_id=signed.shown_id, body={"run": "{{ run.id }}"}),
    )

    (_, said, _, text), (_, hooked, headers, body) = stub.seen
    assert (run.status, said, json.loads(text)) == ("succeeded", "/hook", {"text": "Hello"})
    assert (hooked, json.loads(body)) == ("/in", {"run": run.shown_id})
    assert headers["X-Soc-Signature"].startswith("sha256=")
