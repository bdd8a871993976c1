"""`import_register` and `export_register`: the file looked at, written whole, and read out."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from grc.models import Regulator

pytestmark = pytest.mark.django_db(transaction=True)


def run(tmp_path, text, *more, register="regulators"):
    path, out, err = tmp_path / "a.csv", StringIO(), StringIO()
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    try:
        call_command(
            "import_register", register, str(path), *more, tenant="acme", stdout=out, stderr=err
        )
    except CommandError as refusal:
        return out.getvalue(), f"{err.getvalue()}{refusal}"
    return out.getvalue(), err.getvalue()


def test_a_file_is_looked_at_and_written_with_commit(made, in_acme_now, tmp_path):
    looked, _ = run(tmp_path, "name,regimes\nBSI,NIS2\n")
    before = in_acme_now(Regulator.objects.count)
    taken, _ = run(tmp_path, "name,regimes\nBSI,NIS2\n", "--commit")
    out = StringIO()
    call_command("export_register", "regulators", tenant="acme", stdout=out)

    assert looked == "create=1 change=0 keep=0 (--commit writes it)\n"
    assert (before, in_acme_now(Regulator.objects.count)) == (0, 1)
    assert taken == "create=1 change=0 keep=0\n"
    assert '"BSI"' in out.getvalue()
    again, _ = run(tmp_path, out.getvalue(), "--commit")
    assert again == "create=0 change=0 keep=1\n"


def test_lines_at_fault_are_told_and_nothing_is_written(made, in_acme_now, tmp_path):
    text = "name,time_zone\nBSI,Europe/Berlin\nCNIL,Mars\nX,Y,Z\n"

    out, told = run(tmp_path, text, "--commit")

    assert out == ""
    assert "line 3: time_zone: Name a time zone" in told
    assert "line 4: This line has more cells" in told
    assert told.endswith("then give the same command again.")
    assert in_acme_now(Regulator.objects.count) == 0


@pytest.mark.parametrize(
    ("text", "register", "said"),
    [
        ("name\n", "ghosts", "Use one of: accounts, assets, regulators, risks."),
        ("colour\nred\n", "risks", "'colour' is no column"),
        (b"name\n\xff\n", "risks", "not in UTF-8"),
    ],
)
def test_a_wrong_call_says_what_to_do(made, tmp_path, text, register, said):
    assert said in run(tmp_path, text, register=register)[1]


def test_a_file_that_is_not_there_is_told(made, tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_register", "assets", str(tmp_path / "none.csv"), tenant="acme")
