import io

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from soc.management.commands import import_attack
from soc.models import AttackTechnique, AttackVersion
from soc.services import attack_matrix
from tests.soc import attack_bundles

pytestmark = pytest.mark.django_db(transaction=True)


def load(path, **more):
    """Status, lines of standard output and of standard error."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_attack", str(path), stdout=out, stderr=err, **more)
    except CommandError as refusal:
        return refusal.returncode, [*out.getvalue().splitlines(), str(refusal)], []
    return 0, out.getvalue().splitlines(), err.getvalue().splitlines()


def test_an_edition_comes_in_and_again_without_a_new_row(transactional_db, tmp_path):
    path = attack_bundles.written(tmp_path / "attack.json")

    first, again = load(path), load(path)

    assert first[:2] == (
        0,
        [
            "ATT&CK 17.1 is the current edition now.",
            "read=10 created=5 duplicates=0 rejected=0 skipped=5",
        ],
    )
    assert again[1][-1] == "read=10 created=0 duplicates=5 rejected=0 skipped=5"
    assert AttackVersion.objects.get().is_current


def test_editions_are_kept_and_the_one_imported_last_is_current(transactional_db, tmp_path):
    old = attack_bundles.written(tmp_path / "old.json", version="16")
    new = attack_bundles.written(tmp_path / "new.json", version="17")

    for path in (old, new, old):
        load(path)

    found = dict(AttackVersion.objects.values_list("name", "is_current"))
    assert found == {"16": True, "17": False}


def test_a_broken_technique_is_told_and_the_others_come_in(transactional_db, tmp_path):
    bad = attack_bundles.technique("T1", "Short", "running")
    path = attack_bundles.written(tmp_path / "a.json", [*attack_bundles.objects(), bad])

    status, lines, errors = load(path)

    assert (status, lines[-1]) == (0, "read=11 created=5 duplicates=0 rejected=1 skipped=5")
    assert errors == ["rejected attack-pattern T1: it has no id or no name of ATT&CK"]


def test_a_file_that_is_no_bundle_changes_nothing(transactional_db, tmp_path, monkeypatch):
    path = tmp_path / "a.json"
    path.write_text("[]")
    missing = load(tmp_path / "nowhere.json")
    wrong = load(path)
    monkeypatch.setattr(import_attack, "MAX_BYTES", 1)
    large = load(path)

    assert [each[0] for each in (missing, wrong, large)] == [1, 1, 1]
    assert "cannot be read: No such file" in missing[1][0]
    assert "it is no STIX bundle. Nothing was changed." in wrong[1][0]
    assert "it is larger than" in large[1][0]
    assert not AttackVersion.objects.exists()


def test_the_matrix_holds_every_technique_of_the_current_edition(in_acme_now, tmp_path):
    load(attack_bundles.written(tmp_path / "attack.json"))

    matrix = in_acme_now(attack_matrix.matrix)

    assert matrix.version == "17.1"
    assert [(column.name, [cell.name for cell in column.techniques]) for column in matrix.tactics][
        :2
    ] == [("Running", ["Shell", "Odd shell"]), ("First step", ["Knocking", "Shell"])]
    assert attack_matrix.layer(matrix)["versions"]["attack"] == "17"


def test_the_app_role_only_reads_what_is_published(transactional_db, tmp_path):
    load(attack_bundles.written(tmp_path / "attack.json"))

    for write in (
        lambda: AttackTechnique.objects.update(name="x"),
        lambda: AttackTechnique.objects.all().delete(),
        lambda: AttackVersion(name="own", imported_at="2026-01-01T00:00:00Z").save(),
    ):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            write()
