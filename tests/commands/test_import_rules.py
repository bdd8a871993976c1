import io
import os
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command

from core import actors
from core.actors import SYSTEM_PERSON_ID
from core.models import AuditEvent
from soc.models import Alert, DetectionRule
from soc.services import alerts, rule_imports
from tests.soc.test_sigma import SHORT

pytestmark = pytest.mark.django_db(transaction=True)


def load(path, tenant="acme", format_="sigma", **more):
    """Status, lines of standard output and of standard error."""
    out, err = io.StringIO(), io.StringIO()
    given = {"tenant": tenant, "format": format_, "stdout": out, "stderr": err, **more}
    try:
        call_command("import_rules", str(path), **given)
    except CommandError as refusal:
        return refusal.returncode, [*out.getvalue().splitlines(), str(refusal)], []
    return 0, out.getvalue().splitlines(), err.getvalue().splitlines()


def rule_text(number, **more):
    text = SHORT.replace("a-1", f"a-{number}").replace("title: T", f"title: Rule {number}")
    return text + "".join(f"{name}: {value}\n" for name, value in more.items())


@pytest.fixture
def folder(tmp_path):
    """Two rules in a tree, beside a file that is none."""
    (tmp_path / "rules" / "windows").mkdir(parents=True)
    (tmp_path / "rules" / "one.yml").write_text(rule_text(1))
    (tmp_path / "rules" / "windows" / "two.YAML").write_text(rule_text(2))
    (tmp_path / "rules" / "README.md").write_text("not: [a rule")
    return tmp_path / "rules"


def test_a_folder_comes_in_and_again_without_a_new_row(in_acme_now, folder):
    first, again = load(folder), load(folder)

    assert first == (0, ["read=2 created=2 duplicates=0 rejected=0 skipped=0"], [])
    assert again == (0, ["read=2 created=0 duplicates=2 rejected=0 skipped=0"], [])
    found = in_acme_now(lambda: list(DetectionRule.objects.order_by("name")))
    assert [(row.name, row.source_name, row.version) for row in found] == [
        ("Rule 1", "sigma", 1),
        ("Rule 2", "sigma", 1),
    ]
    assert {row.created_by for row in found} == {SYSTEM_PERSON_ID}


def test_a_changed_rule_is_brought_up_to_date_and_counts_as_a_duplicate(in_acme_now, folder):
    load(folder)
    (folder / "one.yml").write_text(rule_text(1, level="high"))

    status, lines, _ = load(folder / "one.yml")

    assert (status, lines) == (
        0,
        [
            "1 of the duplicates were brought up to date.",
            "read=1 created=0 duplicates=1 rejected=0 skipped=0",
        ],
    )
    row = in_acme_now(lambda: DetectionRule.objects.get(name="Rule 1"))
    assert (row.severity, row.version) == ("high", 2)


def test_a_stub_becomes_the_rule_and_keeps_its_alerts(in_acme_now, folder, made):
    actor = actors.system(made["acme"])
    values = {"source_name": "edr", "rule_key": "a-1"}
    stub_id = in_acme_now(lambda: alerts.create(values, actor=actor).rule_id)

    lines = load(folder / "one.yml", source="edr")[1]

    rule = in_acme_now(lambda: DetectionRule.objects.get(source_name="edr"))
    assert lines[-1] == "read=1 created=1 duplicates=0 rejected=0 skipped=0"
    assert (rule.pk, rule.name, rule.is_stub) == (stub_id, "Rule 1", False)
    assert in_acme_now(lambda: Alert.objects.get().rule_id) == rule.pk


def test_bad_files_are_named_and_the_others_come_in(in_acme_now, folder):
    (folder / "bomb.yml").write_text("a: &x [1]\nb: *x\n")
    (folder / "half.yml").write_text(rule_text(3) + "---\ntitle: No id\n")
    (folder / "long.yml").write_text(rule_text(4, author='"\\ud800"'))

    status, lines, errors = load(folder)

    assert (status, lines[-1]) == (0, "read=6 created=3 duplicates=0 rejected=3 skipped=0")
    assert errors == [
        f"rejected {folder}/bomb.yml: line 2: aliases are not read; write the value out",
        f"rejected {folder}/half.yml: no id",
        f"rejected {folder}/long.yml: line 4: NUL or half a surrogate pair",
    ]
    assert len(in_acme_now(lambda: list(DetectionRule.objects.all()))) == 3


def test_what_the_service_refuses_is_rejected_with_its_sentence(in_acme_now, folder, made):
    nobody = replace(actors.system(made["acme"]), scopes=frozenset())

    report = rule_imports.run(
        [folder / "one.yml"], actor=nobody, format="sigma", source_name="sigma"
    )

    assert report.line() == "read=1 created=0 duplicates=0 rejected=1 skipped=0"
    assert "soc:configure" in report.faults[0]


def test_links_out_of_the_folder_are_not_followed(in_acme_now, folder, tmp_path):
    (tmp_path / "secret.yml").write_text(rule_text(9))
    os.symlink(tmp_path / "secret.yml", folder / "link.yml")

    assert load(folder)[1][-1].startswith("read=2 ")


def test_every_rule_is_in_the_audit_trail_with_its_file(in_acme_now, folder):
    load(folder / "one.yml")

    event = in_acme_now(lambda: AuditEvent.objects.get(verb="detectionrule.create"))
    assert (event.note, event.source_type) == ("Imported from one.yml.", "backend")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"tenant": "initech"}, "There is no tenant 'initech'."),
        ({"format_": "snort"}, "Unknown format 'snort'; known are sigma."),
        ({"path": "nowhere.yml"}, "nowhere.yml cannot be read: No such file or directory."),
    ],
)
def test_a_run_that_cannot_start_says_what_to_do(made, folder, wrong, sentence):
    status, lines, _ = load(**{"path": folder} | wrong)

    assert status == 1
    assert lines[0].startswith(sentence)
