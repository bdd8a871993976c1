"""Every URL of the API names its scope; readers write nothing, strangers get nowhere (P4)."""

from core.scopes import ALL
from tests.prove import bodies, callers, checksums, urls
from tests.prove.callers import Caller
from tests.prove.cast import Stage
from tests.prove.report import Proof
from tests.prove.urls import Place

PUBLIC = {
    "auth-token": "whoever asks for a token cannot have one yet",
    "auth-token-refresh": "carries the refresh token",
    "auth-app-token": "carries the application's key",
    "schema": "the description of the API",
    "explorer": "the description of the API as a page",
}
PERSONAL = {
    "notification-mark-read": "what one was told is one's own to mark, whatever one's role",
    "notifications": "the same on its page",
    "notification-wishes": "how one is told is one's own to say",
    "first_run_put_away": "which of one's own lists is put away, likewise",
    "soc_alert_columns": "which columns one sees, likewise",
}
WRITING = ("post", "put", "patch", "delete")


def prove(stage: Stage) -> Proof:
    proof = Proof("scopes")
    for place in urls.places():
        if place.is_api and place.name not in PUBLIC:
            declares(proof, place)
    _strangers(proof, stage)
    _viewer(proof, stage, callers.person(stage.a, "viewer"), only_api=True)
    _viewer(proof, stage, callers.browser(stage.a, "viewer"), only_api=False)
    return proof


def declares(proof: Proof, place: Place) -> None:
    """A URL outside the public list is a viewset's, whose actions have scopes that roles know."""
    declared = getattr(place.viewset, "scopes", None)
    if not declared or not place.actions:
        proof.failed(f"{place} declares no scopes and is not in the public list")
        return
    for method, action in place.actions.items():
        proof.tried("declared", place.template, method)
        known = {declared.get(action), declared.get("write"), declared.get("read")} - {None}
        proof.expect(known and known <= ALL, f"{place} {action}: no known scope among {known}")


def _strangers(proof: Proof, stage: Stage) -> None:
    """Without a token, with a false one, and as a person without a membership: 401 everywhere."""
    gone = callers.person(stage.a, "compliance")
    member = stage.a.cast.people["compliance"].pk
    rule = "person_id = %s and tenant_id = %s"
    stage.platform.execute(
        f"update core_membership set is_active = false where {rule}", [member, stage.a.tenant_id]
    )
    for caller in (Caller("nobody"), Caller("false token", "Bearer a.b.c"), gone):
        for place in urls.places():
            if not place.is_api or place.name in PUBLIC:
                continue
            for method in place.actions:
                answer = caller.send(method.upper(), _own(place, stage), bodies.of(place, method))
                proof.tried(caller.name, place.template, method)
                fault = f"{method} {place} as {caller.name} -> {answer.status}, not 401"
                proof.expect(answer.status == 401, fault)
    stage.platform.execute(
        f"update core_membership set is_active = true where {rule}", [member, stage.a.tenant_id]
    )


def _viewer(proof: Proof, stage: Stage, caller: Caller, *, only_api: bool) -> None:
    """A reader gets 403 from each writing action on rows of the own tenant, and nothing changes."""
    before = checksums.of_tenant(stage.platform, stage.a.tenant_id)
    for place in urls.places():
        if place.name in PUBLIC | PERSONAL or (only_api and not place.is_api):
            continue
        for method in WRITING:
            if place.is_api and method not in place.actions:
                continue
            answer = caller.send(method.upper(), _own(place, stage), bodies.of(place, method))
            proof.tried(caller.name, place.template, method)
            if place.is_api:
                fault = f"{method} {place} as {caller.name} -> {answer.status}, not 403"
                proof.expect(answer.status == 403, fault)
        now = checksums.of_tenant(stage.platform, stage.a.tenant_id)
        for table in checksums.changed(before, now):
            proof.failed(f"{caller.name} changed {table} at {place}")
        before = now


def _own(place: Place, stage: Stage) -> str:
    """The URL with A's own ids, so that only the scope stands in the way."""
    values = {}
    for name in place.params:
        if urls.is_id(name):
            pk = stage.a.id_of(urls.model_of(place, name, {})) or urls.UNKNOWN
            values[name] = str(pk)
        else:
            values[name] = "nowhere" if name == "content_type_id" else urls.words(place, name)[0]
    return "/" + place.template % values
