"""Work that the database ended: done again, or told in words that help."""

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction
from django.test import RequestFactory

from core import audit, problems, retries, tenancy
from core.models import Person
from socplatform import faults

ENDED = {"deadlock": "40P01", "canceled": "57014"}


def end(why):
    """The database ends the statement, as it does where two transactions wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE SQLSTATE '{ENDED[why]}'; END $$")


def worker(*fates):
    left = list(fates)

    @retries.after_deadlock
    def work():
        with transaction.atomic():
            if fate := left.pop(0):
                end(fate)
        return len(left)

    return work


@pytest.mark.parametrize("fates", [(None,), ("deadlock", None), ("deadlock", "deadlock", None)])
def test_what_was_chosen_to_end_a_deadlock_is_done_again(db, fates):
    assert worker(*fates)() == 0


@pytest.mark.parametrize("fates", [("deadlock",) * 3, ("canceled", None)])
def test_the_third_deadlock_and_any_other_end_are_raised(db, fates):
    with pytest.raises(OperationalError):
        worker(*fates)()


@pytest.mark.parametrize(("why", "status"), [("deadlock", 409), ("canceled", 503)])
def test_the_caller_is_told_what_to_do(db, why, status):
    with pytest.raises(OperationalError) as caught, transaction.atomic():
        end(why)

    told = problems.describe(caught.value)
    assert (told["status"], "again" in told["detail"] or "later" in told["detail"]) == (
        status,
        True,
    )


@pytest.mark.parametrize("path", ["/admin/soc/alert/", "/api/v1/soc/alerts"])
@pytest.mark.parametrize(("why", "status"), [("deadlock", 409), ("canceled", 503)])
def test_whoever_waits_for_a_page_is_told_too(db, path, why, status):
    try:
        with transaction.atomic():
            end(why)
    except OperationalError:
        answer = faults.server_error(RequestFactory().get(path))

    assert answer.status_code == status
    assert b"again" in answer.content or b"later" in answer.content
    assert ("json" in answer["Content-Type"]) == path.startswith("/api/")


def test_a_part_of_another_transaction_is_not_begun_anew_alone(db):
    """Django calls the outer one broken, since the part has no savepoint of its own."""
    asked = []

    @retries.after_deadlock
    def part():
        asked.append(1)
        with transaction.atomic(savepoint=False):
            end("deadlock")

    with pytest.raises(OperationalError), transaction.atomic():
        part()
    assert len(asked) == 1


def test_where_an_event_is_refused_its_verb_is_undone_alone(acme):
    tried = []

    @retries.after_deadlock
    @audit.verb
    def work(*, actor):
        tried.append(1)
        audit.record("no\0verb", actor=actor, object_type="alert", object_id=None)

    with tenancy.tenant_scope(acme.tenant.pk), transaction.atomic():
        with pytest.raises(DatabaseError):
            work(actor=acme.actor())
        assert not connection.needs_rollback
        assert Person.objects.exists()
    assert len(tried) == 1
