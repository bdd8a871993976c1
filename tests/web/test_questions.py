"""The questionnaire on the incident's page: answers for all regulators, and for one apart."""

import pytest

from core import tenancy
from grc.models import IncidentAnswer
from grc.services import incidents, regulators
from tests.web.test_desk import signed_in


@pytest.fixture
def desk(acme):
    return signed_in(acme)


@pytest.fixture
def incident(acme):
    with tenancy.tenant_scope(acme.tenant.pk):
        return incidents.create({"title": "Data left"}, actor=acme.actor())


def regulator(cast, **values):
    with tenancy.tenant_scope(cast.tenant.pk):
        return regulators.create({"regimes": ["GDPR"], **values}, actor=cast.actor())


def answer(desk, incident, **body):
    url = f"/admin/grc/incident/{incident.shown_id}/assess/"
    return desk.post(url, {"question": "gdpr_breach", **body}, follow=True).content.decode()


def open_questions(answer):
    return answer.context["open_questions"]


def held(acme):
    with tenancy.tenant_scope(acme.tenant.pk):
        return list(IncidentAnswer.objects.order_by("id").values_list("answer", "regulator__name"))


def test_a_regulator_is_answered_apart_where_there_are_several(desk, acme, incident):
    cnil = regulator(acme, name="CNIL", entity_name="Orvane France")
    regulator(acme, name="BfDI")

    before = open_questions(desk.get(f"/admin/grc/incident/{incident.shown_id}/change/"))
    page = answer(desk, incident, answer="no", reason="No data.", regulator_id=cnil.shown_id)

    assert "CNIL, for Orvane France only" in page
    assert "<div>CNIL: <b>No</b>: No data." in page
    assert open_questions(desk.get(f"/admin/grc/incident/{incident.shown_id}/change/")) == before
    assert held(acme) == [("no", "CNIL")]
    answer(desk, incident, answer="yes")
    after = open_questions(desk.get(f"/admin/grc/incident/{incident.shown_id}/change/"))
    assert after == before - 1


def test_a_single_regulator_is_not_asked_for(desk, acme, incident):
    regulator(acme, name="CNIL")

    page = answer(desk, incident, answer="yes")

    assert 'name="regulator_id"' not in page
    assert held(acme) == [("yes", None)]


def test_a_regulator_of_another_tenant_is_not_known(desk, acme, globex, incident):
    regulator(acme, name="CNIL")
    theirs = regulator(globex, name="ICO")

    page = answer(desk, incident, answer="yes", regulator_id=theirs.shown_id)

    assert "is not known here" in page
    assert held(acme) == []
