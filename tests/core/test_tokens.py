from datetime import timedelta

import jwt
import pytest
from django.conf import settings
from rest_framework.test import APIClient

from core import tenancy
from core.models import Application, Membership
from core.services import applications, people
from tests.factories import PASSWORD, application_client, client_for

TOKEN = "/api/v1/auth/token"
ALERTS = "/api/v1/soc/alerts"


def sign_in(cast, role="analyst", **changes):
    body = {"email": cast.people[role].email, "password": PASSWORD, "tenant": cast.tenant.slug}
    return APIClient().post(TOKEN, body | changes)


def bearer(access):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
    return client


def refresh(token):
    return APIClient().post(f"{TOKEN}/refresh", {"refresh": token})


def test_a_person_gets_a_pair_and_reads_alerts(acme):
    pair = sign_in(acme).json()

    assert bearer(pair["access"]).get(ALERTS).status_code == 200


def test_claims_name_person_tenant_and_scopes_in_the_prefixed_form(acme):
    claims = jwt.decode(sign_in(acme).json()["access"], options={"verify_signature": False})

    assert claims["sub"] == acme.people["analyst"].shown_id
    assert claims["tenant_id"] == acme.tenant.shown_id
    assert "app_id" not in claims
    assert claims["scope"] == "grc:read soc:ingest soc:read soc:write"
    assert claims["iss"] == "soc-platform"
    assert claims["aud"] == "soc-platform-api"


@pytest.mark.parametrize(
    "change",
    [
        {"password": "wrong"},
        {"email": "nobody@acme.test"},
        {"tenant": "globex"},
        {"tenant": "unknown"},
    ],
)
def test_a_wrong_sign_in_is_one_answer_whatever_is_wrong(acme, globex, change):
    refused = sign_in(acme, **change)

    assert refused.status_code == 401
    assert refused.json()["detail"] == "E-mail, password or tenant do not fit together."


def test_too_many_failed_sign_ins_are_429_with_retry_after(acme):
    answers = [sign_in(acme, password="wrong") for _ in range(12)]

    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) > 0
    assert sign_in(acme, "viewer").status_code == 200


def forged(cast, key=None, algorithm="HS256", **changes):
    claims = jwt.decode(sign_in(cast).json()["access"], options={"verify_signature": False})
    claims = {name: value for name, value in (claims | changes).items() if value is not None}
    return jwt.encode(claims, settings.TOKEN_KEY if key is None else key, algorithm=algorithm)


@pytest.mark.parametrize(
    ("key", "algorithm", "changes"),
    [
        ("another-key-of-thirty-two-characters!", "HS256", {}),
        (None, "HS512", {}),
        ("", "none", {}),
        (None, "HS256", {"aud": "somewhere-else"}),
        (None, "HS256", {"iss": "someone-else"}),
        (None, "HS256", {"token_type": "refresh"}),
        (None, "HS256", {"token_type": None}),
        (None, "HS256", {"exp": 1}),
        (None, "HS256", {"exp": None}),
        (None, "HS256", {"sub": "nonsense"}),
        (None, "HS256", {"sub": None}),
        (None, "HS256", {"tenant_id": None}),
        (None, "HS256", {"ver": 99}),
        (None, "HS256", {"app_id": "app_unknown"}),
    ],
)
def test_a_forged_or_bent_token_is_401(acme, key, algorithm, changes):
    token = forged(acme, key, algorithm, **changes)

    assert bearer(token).get(ALERTS).status_code == 401


def test_a_token_cannot_be_moved_to_another_tenant(acme, globex):
    token = forged(acme, tenant_id=globex.tenant.shown_id)

    assert bearer(token).get(ALERTS).status_code == 401


def test_a_refresh_token_gives_a_new_pair_once(acme):
    first = sign_in(acme).json()
    second = refresh(first["refresh"])

    assert second.status_code == 200
    assert bearer(second.json()["access"]).get(ALERTS).status_code == 200


def test_using_a_refresh_token_again_ends_the_whole_family(acme):
    first = sign_in(acme).json()
    second = refresh(first["refresh"]).json()

    assert refresh(first["refresh"]).status_code == 401
    assert refresh(second["refresh"]).status_code == 401


def test_an_access_token_does_not_refresh(acme):
    assert refresh(sign_in(acme).json()["access"]).status_code == 401


def deactivate_person(cast):
    person = cast.people["analyst"]
    person.is_active = False
    person.save()


def deactivate_membership(cast):
    with tenancy.tenant_scope(cast.tenant.pk):
        membership = Membership.objects.get(person=cast.people["analyst"])
        people.deactivate(membership, actor=cast.actor())


def deactivate_tenant(cast):
    with tenancy.tenant_scope(cast.tenant.pk):
        cast.tenant.is_active = False
        cast.tenant.save()


def change_password(cast):
    with tenancy.tenant_scope(cast.tenant.pk):
        people.change_password(
            cast.people["analyst"],
            actor=cast.actor("analyst"),
            old=PASSWORD,
            new="another-good-password-7",
        )


@pytest.mark.parametrize(
    "out", [deactivate_person, deactivate_membership, deactivate_tenant, change_password]
)
def test_whoever_is_out_is_out_at_the_next_request(acme, out):
    pair = sign_in(acme).json()
    client = bearer(pair["access"])
    assert client.get(ALERTS).status_code == 200

    out(acme)

    assert client.get(ALERTS).status_code == 401
    assert refresh(pair["refresh"]).status_code == 401


def test_a_lesser_role_counts_at_the_next_request(acme):
    client = client_for(acme, "responder")
    with tenancy.tenant_scope(acme.tenant.pk):
        membership = Membership.objects.get(person=acme.people["responder"])
        people.change_role(membership, actor=acme.actor(), role="viewer")

    refused = client.post(ALERTS, {})

    assert refused.status_code == 403
    assert "soc:write" in refused.json()["detail"]


def test_an_application_acts_as_its_service_person(acme):
    client = application_client(acme, ["soc:read", "soc:write"])

    alert = client.post(ALERTS, {}).json()

    assert alert["source_type"] == "server"
    assert alert["app_id"].startswith("app_")
    assert alert["created_by"].startswith("per_")


def test_an_application_sees_only_the_rows_it_wrote(acme):
    one, other = (application_client(acme, ["soc:read", "soc:write"]) for _ in range(2))
    alert = one.post(ALERTS, {}).json()

    assert one.get(f"{ALERTS}/{alert['id']}").status_code == 200
    assert other.get(f"{ALERTS}/{alert['id']}").status_code == 404
    assert other.get(ALERTS).json()["results"] == []
    assert client_for(acme).get(f"{ALERTS}/{alert['id']}").status_code == 200


def test_a_deactivated_application_is_out_at_once(acme):
    client = application_client(acme, ["soc:read"])
    with tenancy.tenant_scope(acme.tenant.pk):
        applications.deactivate(Application.objects.get(), actor=acme.actor())

    assert client.get(ALERTS).status_code == 401


def test_a_key_opens_the_intake_door_and_nothing_else(acme):
    with tenancy.tenant_scope(acme.tenant.pk):
        key = applications.create("sensor", actor=acme.actor(), scopes=["soc:ingest", "soc:read"])
    client = bearer(key.bearer)
    record = {"message": "disk is full", "severity": "low", "hostname": "fs-02"}

    assert client.post("/api/v1/soc/intake/generic", record).status_code == 202
    assert client.get(ALERTS).status_code == 401


def test_a_rotated_secret_ends_the_old_one(acme):
    with tenancy.tenant_scope(acme.tenant.pk):
        old = applications.create("sensor", actor=acme.actor(), scopes=["soc:ingest"])
        new = applications.rotate(old.application, actor=acme.actor())
    record = {"message": "disk is full"}

    assert bearer(old.bearer).post("/api/v1/soc/intake/generic", record).status_code == 401
    assert bearer(new.bearer).post("/api/v1/soc/intake/generic", record).status_code == 202


def test_access_tokens_are_short_lived():
    assert settings.SIMPLE_JWT["ACCESS_TOKEN_LIFETIME"] <= timedelta(minutes=10)


@pytest.mark.parametrize("header", ["Bearer", "Bearer a b", "Basic YTpi", "Bearer é"])
def test_a_bent_header_is_401(acme, header):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=header)

    assert client.get(ALERTS).status_code == 401
