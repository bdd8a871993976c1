"""Templates: the tasks with which investigations of a kind begin."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.errors import BadInput, Conflict, ScopeMissing
from soc.models import Template
from soc.services import investigations, templates
from tests import factories
from tests.soc.casework import TEMPLATES, template_in
from tests.soc.factories import CASES, case_in

CALL = {"title": "Call the user", "mandatory": True, "due_after_hours": 2}
LOOK = {"title": "Look at the mail", "description": "With headers"}


def test_an_investigation_begins_with_the_tasks_and_defaults_of_its_template(in_acme):
    template = template_in(in_acme, CALL, LOOK, category="phishing", priority="high", tags=["mail"])

    case = investigations.create(
        {"template_id": template, "priority": "low"}, actor=in_acme.actor("analyst")
    )

    first, second = case.tasks.in_order()
    assert (case.template_id, case.category, case.priority) == (template.pk, "phishing", "low")
    assert case.tags == ["mail"]
    assert (first.title, first.mandatory, second.description) == (
        "Call the user",
        True,
        "With headers",
    )
    assert abs(first.due_at - timezone.now() - timedelta(hours=2)) < timedelta(minutes=1)
    assert second.due_at is None


def test_an_investigation_keeps_its_tasks_when_the_template_changes(in_acme):
    template = template_in(in_acme, CALL)
    case = investigations.create({"template_id": template}, actor=in_acme.actor("analyst"))

    templates.update(template, {"tasks": [LOOK]}, actor=in_acme.actor("manager"))
    templates.delete(template, actor=in_acme.actor("manager"))

    assert [task.title for task in case.tasks.in_order()] == ["Call the user"]


def test_a_template_is_applied_later_behind_what_is_there_and_once(in_acme):
    case, template = case_in(in_acme), template_in(in_acme, CALL)
    actor = in_acme.actor("analyst")

    case = templates.apply(case, template, actor=actor)

    assert case.tasks.count() == 1
    with pytest.raises(Conflict, match="already"):
        templates.apply(case, template, actor=actor)
    with pytest.raises(Conflict, match="is closed"):
        templates.apply(case_in(in_acme, "closed"), template, actor=actor)


def test_a_template_is_not_changed_by_an_update_of_the_investigation(in_acme):
    case, template = case_in(in_acme), template_in(in_acme, CALL)

    with pytest.raises(BadInput, match="its own action"):
        investigations.update(case, {"template_id": template}, actor=in_acme.actor())
    applied = templates.apply(case, template, actor=in_acme.actor())
    same = investigations.update(applied, {"template_id": template}, actor=in_acme.actor())
    assert same.template_id == template.pk


@pytest.mark.parametrize(
    "tasks",
    [
        "no list",
        [LOOK] * 101,
        ["no object"],
        [{}],
        [{"title": " "}],
        [{"title": 3}],
        [{"title": "x" * 2001}],
        [{**LOOK, "description": 3}],
        [{**LOOK, "mandatory": "yes"}],
        [{**LOOK, "due_after_hours": "soon"}],
        [{**LOOK, "due_after_hours": True}],
        [{**LOOK, "due_after_hours": 0}],
        [{**LOOK, "due_after_hours": 10_000}],
        [{**LOOK, "owner": "me"}],
    ],
)
def test_tasks_at_fault_are_refused(in_acme, tasks):
    with pytest.raises(BadInput) as refusal:
        templates.create({"tasks": tasks}, actor=in_acme.actor("manager"))

    assert refusal.value.field == "tasks"


@pytest.mark.parametrize(
    ("values", "field"), [({"name": " "}, "name"), ({"priority": "pending"}, "priority")]
)
def test_fields_at_fault_are_refused_by_name(in_acme, values, field):
    with pytest.raises(BadInput) as refusal:
        templates.create(values, actor=in_acme.actor("manager"))

    assert refusal.value.field == field


def test_a_name_is_used_once_among_the_live_ones(in_acme):
    actor = in_acme.actor("manager")
    template = template_in(in_acme)

    with pytest.raises(Conflict):
        template_in(in_acme)
    same = templates.update(template, {"name": "Phishing", "category": "mail"}, actor=actor)
    gone = templates.delete(same, actor=actor)
    template_in(in_acme)
    with pytest.raises(Conflict):
        templates.restore(Template.with_deleted.get(pk=gone.pk), actor=actor)


@pytest.mark.parametrize("role", ["viewer", "analyst", "responder"])
def test_writing_a_template_needs_configure(in_acme, role):
    template, actor = template_in(in_acme), in_acme.actor(role)

    for verb in (templates.update, templates.delete, templates.restore):
        arguments = [template, {}] if verb is templates.update else [template]
        with pytest.raises(ScopeMissing):
            verb(*arguments, actor=actor)
    with pytest.raises(ScopeMissing):
        templates.create({}, actor=actor)


def test_templates_over_rest(api, acme):
    made = api.post(TEMPLATES, {"name": "Phishing", "tasks": [CALL]}).json()
    case = api.post(CASES, {}).json()
    url = f"{CASES}/{case['id']}/apply-template"

    applied = api.post(url, {"template_id": made["id"]})
    renamed = api.patch(f"{TEMPLATES}/{made['id']}", {"name": "Mail"})
    api.delete(f"{TEMPLATES}/{made['id']}")
    restored = api.post(f"{TEMPLATES}/{made['id']}/restore")

    assert applied.json()["template_id"] == made["id"]
    assert (renamed.json()["name"], restored.status_code) == ("Mail", 200)
    assert made["tasks"] == [{**CALL, "description": ""}]
    assert api.get(f"{TEMPLATES}?name=Mail").json()["results"][0]["id"] == made["id"]
    analyst = factories.client_for(acme, "analyst")
    assert analyst.get(f"{TEMPLATES}/{made['id']}").status_code == 200
    assert analyst.post(TEMPLATES, {}).status_code == 403
