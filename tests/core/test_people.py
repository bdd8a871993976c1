import pytest

from core import tenancy
from core.errors import BadInput, Conflict, ScopeMissing
from core.models import Membership, Person
from core.services import people
from tests.factories import PASSWORD


def membership_of(cast, role):
    return Membership.objects.get(person=cast.people[role])


def test_an_invited_person_comes_in_with_a_password_of_their_own(in_acme):
    invitation = people.invite("New.One@acme.test", actor=in_acme.actor(), role="analyst")
    person, tenant_id, membership_id = people.invited(invitation.token)

    actor = in_acme.actor("viewer")
    people.accept(membership_id, actor=actor, name="New One", password="a-long-enough-secret")

    fresh = Person.objects.get(pk=person.pk)
    assert (fresh.email, fresh.name) == ("new.one@acme.test", "New One")
    assert fresh.check_password("a-long-enough-secret")
    assert tenant_id == in_acme.tenant.pk
    assert people.invited(invitation.token) is None


def test_an_invited_person_counts_only_once_they_accept(in_acme):
    people.invite("new@acme.test", actor=in_acme.actor(), role="analyst")

    assert "new@acme.test" not in people.members().values()


def test_a_person_of_another_tenant_proves_the_password_they_have(acme, globex):
    with tenancy.tenant_scope(acme.tenant.pk):
        bob = globex.people["manager"]
        invitation = people.invite(bob.email, actor=acme.actor(), role="viewer")
        _, _, membership_id = people.invited(invitation.token)

        with pytest.raises(BadInput):
            people.accept(membership_id, actor=acme.actor(), name="", password="guessed-by-other")
        people.accept(membership_id, actor=acme.actor(), name="X", password=PASSWORD)

    assert Person.objects.get(pk=bob.pk).name == bob.name


def test_a_false_or_old_link_leads_nowhere(in_acme):
    token = people.invite("new@acme.test", actor=in_acme.actor(), role="analyst").token

    assert people.invited(token + "x") is None
    assert people.invited("") is None


def test_only_an_administrator_invites(in_acme):
    with pytest.raises(ScopeMissing) as refusal:
        people.invite("new@acme.test", actor=in_acme.actor("manager"), role="viewer")

    assert refusal.value.scope == "admin:tenant"


@pytest.mark.parametrize(("email", "role"), [("nonsense", "viewer"), ("a@b.test", "emperor")])
def test_a_bad_address_or_role_is_named(in_acme, email, role):
    with pytest.raises(BadInput) as refusal:
        people.invite(email, actor=in_acme.actor(), role=role)

    assert refusal.value.field in ("email", "role")


def test_someone_who_is_here_is_not_invited_again(in_acme):
    with pytest.raises(Conflict):
        people.invite(in_acme.people["viewer"].email, actor=in_acme.actor(), role="analyst")


def test_the_last_administrator_stays(in_acme):
    admin = membership_of(in_acme, "tenant_admin")

    with pytest.raises(Conflict):
        people.deactivate(admin, actor=in_acme.actor())
    with pytest.raises(Conflict):
        people.change_role(admin, actor=in_acme.actor(), role="viewer")


def test_with_a_second_administrator_the_first_may_go(in_acme):
    people.change_role(
        membership_of(in_acme, "manager"), actor=in_acme.actor(), role="tenant_admin"
    )

    gone = people.deactivate(membership_of(in_acme, "tenant_admin"), actor=in_acme.actor())

    assert not gone.is_active


def test_a_deactivated_person_comes_back_with_the_role_they_had(in_acme):
    analyst = membership_of(in_acme, "analyst")
    people.deactivate(analyst, actor=in_acme.actor())

    back = people.reactivate(analyst, actor=in_acme.actor())

    assert (back.is_active, back.role) == (True, "analyst")


def test_a_weak_or_wrong_password_is_refused(in_acme):
    alice, actor = in_acme.people["analyst"], in_acme.actor("analyst")

    with pytest.raises(BadInput) as weak:
        people.change_password(alice, actor=actor, old=PASSWORD, new="short")
    with pytest.raises(BadInput) as wrong:
        people.change_password(alice, actor=actor, old="not mine", new="a-long-enough-secret")

    assert weak.value.field == "password"
    assert wrong.value.field == "old_password"


def test_nobody_changes_the_password_of_another(in_acme):
    with pytest.raises(BadInput):
        people.change_password(
            in_acme.people["viewer"], actor=in_acme.actor(), old=PASSWORD, new="a-long-secret-9"
        )
