from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from core import identity
from core.models import Person
from core.services import people

pytestmark = pytest.mark.django_db(transaction=True)


def create(slug="initech", name="Initech", admin="Peter@initech.test"):
    out = StringIO()
    call_command("create_tenant", slug, name=name, admin=admin, stdout=out)
    return out.getvalue()


def test_it_prints_a_link_that_invites_the_first_administrator():
    link = create().strip().splitlines()[-1]

    assert link.startswith("http://127.0.0.1:8000/admin/invitation/")
    person, tenant_id, _ = people.invited(link.rstrip("/").rpartition("/")[2])
    assert person == Person.objects.get(email="peter@initech.test")
    assert (tenant_id, "initech") in identity.all_tenants()


def test_the_link_starts_with_the_given_base_url(settings):
    settings.BASE_URL = "https://soc.example.org"

    assert create().strip().splitlines()[-1].startswith("https://soc.example.org/admin/")


def test_said_again_for_an_administrator_who_has_not_come_in_it_gives_a_new_link():
    first, again = (create().strip().splitlines()[-1] for _ in range(2))

    people_of = [people.invited(link.rstrip("/").rpartition("/")[2]) for link in (first, again)]
    assert people_of[0] == people_of[1]
    assert people_of[0] is not None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"slug": "Not A Slug"}, "Use lower-case letters, digits and hyphens."),
        ({"admin": "nobody"}, "'nobody' is no e-mail address."),
        ({"slug": "taken", "admin": "other@initech.test"}, "A tenant 'taken' is here already."),
    ],
)
def test_what_cannot_be_made_is_refused_with_a_sentence_and_leaves_nothing(wrong, sentence):
    create(slug="taken")

    with pytest.raises(CommandError, match=sentence):
        create(**wrong)

    assert [slug for _, slug in identity.all_tenants()] == ["taken"]


def test_afterwards_the_connection_is_the_app_role_again():
    create()

    with connection.cursor() as cursor:
        cursor.execute("select current_user")
        assert cursor.fetchone() == ("soc_app",)
