"""Rules of the design that tools cannot see, held over the whole code."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models

from core import workflow
from core.models import Person, Tenant
from core.models.rows import Record, TenantRow
from socplatform.startup import tenant_models

ROOT = Path(__file__).resolve().parents[2]
SHOWN = """
ten per app mem grp alr ind rul doc fnd inv tle tsk cmt sla con pbk run stp inc rsk ast acc reg obl
sbm cor tpl viw rej evt ntf lst prp cal hnd
"""
PREFIXES = set(SHOWN.split())
GLOBAL_MODELS = {
    "core.Person": "one person may work for several tenants; pick-lists come from memberships",
    "soc.AttackVersion": "public reference data, the same for all",
    "soc.AttackTactic": "public reference data, the same for all",
    "soc.AttackTechnique": "public reference data, the same for all",
    "axes": "failed sign-ins happen before a tenant is known",
    "procrastinate": "jobs hold ids only",
    "admin": "Django's own log, which is off",
    "auth": "no groups and no permission rows are used",
    "contenttypes": "names of models",
    "sessions": "a session belongs to a person",
}
# The one way out of the tenant: each use has its reason where it stands. May only fall.
ALL_TENANTS_USES = {"core/models/rows.py": 2}
DRIVER_USERS = {
    "core/hot.py",
    "core/tenancy.py",
    "socplatform/database/base.py",
    "socplatform/database/savepoints.py",
    "socplatform/database/straight.py",
}
OURS = ("core", "grc", "soc", "socplatform")


# Read when this file is: later, a test that changed the interpreter's limits may stand in the way.
SOURCES = [
    (path, ast.parse(path.read_text()))
    for folder in OURS
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts
]


def sources():
    return SOURCES


def test_every_model_belongs_to_a_tenant_or_is_global_with_a_reason():
    owned = set(tenant_models())
    stray = [
        model._meta.label
        for model in apps.get_models()
        if model not in owned
        and model._meta.label not in GLOBAL_MODELS
        and model._meta.app_label not in GLOBAL_MODELS
    ]

    assert stray == []


def test_shown_prefixes_are_unique_and_from_the_list():
    shown = [model.ID_PREFIX for model in apps.get_models() if getattr(model, "ID_PREFIX", "")]

    assert len(shown) == len(set(shown))
    assert set(shown) <= PREFIXES


def test_foreign_keys_point_down_the_layers():
    layers = {name: place for place, name in enumerate(OURS)}
    upward = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in layers
        for field in model._meta.fields
        if isinstance(field, models.ForeignKey)
        and layers.get(field.related_model._meta.app_label, 0) > layers[model._meta.app_label]
    ]

    assert upward == []


def test_every_key_between_tenant_tables_carries_the_tenant(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "select conrelid::regclass::text, pg_get_constraintdef(oid) from pg_constraint "
            "where contype = 'f'"
        )
        keys = {(table, text) for table, text in cursor.fetchall()}
    missing = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if issubclass(model, TenantRow)
        for field in model._meta.fields
        if isinstance(field, models.ForeignKey) and issubclass(field.related_model, TenantRow)
        if not any(
            table == model._meta.db_table and f"FOREIGN KEY (tenant_id, {field.column})" in text
            for table, text in keys
        )
    ]

    assert missing == []


def test_all_tenants_is_used_only_where_it_is_listed():
    used = {}
    for path, tree in sources():
        count = sum(
            isinstance(node, ast.Attribute)
            and node.attr == "all_tenants"
            and isinstance(node.value, ast.Name)
            and node.value.id != "identity"
            for node in ast.walk(tree)
        )
        declared = sum(
            isinstance(node, ast.AnnAssign)
            and isinstance(node.target, ast.Name)
            and node.target.id == "all_tenants"
            for node in ast.walk(tree)
        )
        if count + declared:
            used[str(path.relative_to(ROOT))] = count + declared

    assert used == ALL_TENANTS_USES


def test_nobody_but_the_kernel_speaks_to_the_driver():
    """A statement that Django or `hot` does not send would leave its savepoint behind."""
    users = {
        str(path.relative_to(ROOT))
        for path, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "connection"
        and ast.unparse(node.value) in ("connection", "database", "self")
    }

    assert users == DRIVER_USERS


def test_nobody_but_the_kernel_writes_a_status():
    writers = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, tree in sources()
        if path.relative_to(ROOT) != Path("core/workflow.py")
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Attribute) and target.attr == "status"
        if "exception" not in path.name and path.name != "problems.py"
    ]

    assert writers == []


@pytest.mark.parametrize("name", ["mark_safe", "csrf_exempt", "extra", "RawSQL"])
def test_forbidden_names_are_not_used(name):
    found = [
        str(path.relative_to(ROOT))
        for path, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == name
    ]

    assert found == []


def test_every_record_has_a_history_and_a_delete_rule():
    for model in apps.get_models():
        if issubclass(model, Record):
            assert hasattr(model, "history"), model
            names = {constraint.name for constraint in model._meta.constraints}
            assert f"{model._meta.model_name}_deleted_with_time_and_person" in names


def test_every_move_of_every_life_cycle_is_complete():
    for cycle in workflow.every():
        for move in cycle:
            assert set(move.sources) <= set(cycle.statuses), (cycle.model, move.verb)
            assert move.target is None or move.target in cycle.statuses
            assert ":" in move.scope


def test_global_people_and_tenants_are_no_tenant_rows():
    assert not issubclass(Person, TenantRow)
    assert not issubclass(Tenant, TenantRow)
