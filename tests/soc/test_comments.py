"""Comments: whom they mention, and what their authors may do."""

from uuid import UUID

import pytest

from core import tenancy
from core.errors import BadInput
from soc.models import Comment
from soc.services import comments, mentions
from soc.services.mentions import named
from tests import factories
from tests.soc.casework import COMMENTS, comment_on
from tests.soc.factories import CASES, alert_in, case_in
from tests.web.test_desk import signed_in

ANNA, ANNE, BO = (UUID(int=number) for number in (1, 2, 3))
ADDRESSES = {ANNA: "anna.lee@acme.test", ANNE: "Anne@acme.test", BO: "bo@acme.test"}


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("nobody", []),
        ("@anna.lee look", [ANNA]),
        ("Look, @Anna.Lee.", [ANNA]),
        ("@anne and @anna.lee", [ANNE, ANNA]),
        ("@anne @anne", [ANNE]),
        ("@anna.lee@acme.test, please", [ANNA]),
        ("(@bo)", [BO]),
        ("@bo's work", []),
        ("@bo-", [BO]),
        ("@bo@acme.test.", [BO]),
        ("@bo@other.test", []),
        ("bo@acme.test", []),
        ("mailto:@bo", [BO]),
        ("@@bo", []),
        ("@ bo", []),
        ("@bob", []),
        ("@anna", []),
        ("line\n@bo", [BO]),
    ],
)
def test_names_in_a_text(text, people):
    assert named(text, ADDRESSES) == people


def test_a_name_that_two_people_share_stays_text_but_their_addresses_do_not():
    addresses = ADDRESSES | {UUID(int=4): "bo@partner.test"}

    assert named("@bo", addresses) == []
    assert named("@bo@partner.test @bo@acme.test", addresses) == [UUID(int=4), BO]


def test_a_very_long_text_of_signs_is_read_quickly():
    assert named("@a" + "." * 100_000 + "@" + "-" * 100_000, ADDRESSES) == []


def test_a_comment_shows_whom_it_mentions_and_is_found_by_that(api, acme, in_acme):
    url = f"{CASES}/{case_in(in_acme).shown_id}/comments"
    analyst = acme.people["analyst"].shown_id

    made = api.post(url, {"text": "@analyst and @analyst@acme.test, see @nobody"}).json()
    api.post(url, {"text": "for @viewer"})

    mine = factories.client_for(acme, "analyst")
    assert made["mentioned_ids"] == [analyst]
    assert api.get(url).json()["results"][0]["mentioned_ids"] == [analyst]
    for client, query in ((mine, "me"), (api, analyst)):
        found = client.get(f"{COMMENTS}?mentioned_id={query}").json()["results"]
        assert [row["id"] for row in found] == [made["id"]]
    assert api.get(f"{COMMENTS}?mentioned_id=me").json()["results"] == []


def test_its_author_changes_and_deletes_a_comment(api, in_acme):
    url = f"{CASES}/{case_in(in_acme).shown_id}/comments"
    made = api.post(url, {"text": "for @analyst"}).json()
    one = f"{COMMENTS}/{made['id']}"

    changed = api.patch(one, {"text": "for @viewer"}).json()
    gone = api.delete(one)
    left = api.get(url).json()["results"]
    restored = api.post(f"{one}/restore", {"note": "needed"})

    assert changed["mentioned_ids"] != made["mentioned_ids"]
    assert len(changed["mentioned_ids"]) == 1
    assert (gone.status_code, left, restored.status_code) == (204, [], 200)
    verbs = [each["verb"] for each in api.get(f"{one}/history").json()["results"]]
    assert verbs == [
        "comment.restore",
        "comment.delete",
        "comment.mention",
        "comment.update",
        "comment.mention",
        "comment.create",
    ]


@pytest.mark.parametrize(
    "attempt",
    [
        lambda comment, actor: comments.update(comment, {"text": "x"}, actor=actor),
        lambda comment, actor: comments.delete(comment, actor=actor),
        lambda comment, actor: comments.restore(comment, actor=actor),
    ],
)
def test_nobody_else_changes_a_comment(in_acme, attempt):
    comment = comment_on(in_acme, case_in(in_acme))

    with pytest.raises(comments.NotYours):
        attempt(comment, in_acme.actor("tenant_admin"))


def test_an_update_without_a_text_changes_nothing(in_acme):
    comment = comment_on(in_acme, case_in(in_acme))

    comments.update(comment, {}, actor=in_acme.actor("analyst"))

    assert Comment.objects.get().version == 1


@pytest.mark.parametrize("text", [" ", "x" * 20_001])
def test_a_text_has_a_length(in_acme, text):
    with pytest.raises(BadInput):
        comment_on(in_acme, case_in(in_acme), text=text)


@pytest.mark.parametrize(
    ("text", "set_off"),
    [
        ("@ana and @bob", ["@ana"]),
        ("Ask @ana@acme.test.", ["@ana@acme.test"]),
        ("(@Ana), mail ana@acme.test", ["@Ana"]),
        ("<b>@ana</b>@ana x@ana", ["@ana", "@ana"]),
        ("@nobody", []),
        ("", []),
    ],
)
def test_a_text_is_cut_into_pieces_of_which_some_name_someone(text, set_off):
    pieces = mentions.parts(text, ["ana@acme.test"])

    assert "".join(piece for piece, _ in pieces) == text
    assert [piece for piece, is_named in pieces if is_named] == set_off


def test_the_desk_sets_off_whom_a_comment_mentions_and_keeps_text_as_text(acme):
    with tenancy.tenant_scope(acme.tenant.pk):
        alert = alert_in(acme)
        text = "<script>@analyst</script> and @stranger\nlook"
        comments.add(alert, actor=acme.actor(), text=text)

    page = signed_in(acme).get(f"/admin/soc/alert/{alert.shown_id}/change/").content.decode()

    shown = '&lt;script&gt;<b class="mention">@analyst</b>&lt;/script&gt; and @stranger<br>look'
    assert shown in page
