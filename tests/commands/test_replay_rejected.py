import io

import pytest
from django.core.management import CommandError, call_command

from soc.models import Alert, RejectedRecord
from tests.commands.test_import_alerts import load

pytestmark = pytest.mark.django_db(transaction=True)


def replay(*ids, **options):
    out = io.StringIO()
    call_command("replay_rejected", *ids, tenant="acme", stdout=out, **options)
    return out.getvalue().splitlines()


@pytest.fixture
def kept(in_acme_now, tmp_path):
    """Two rejected records: one that another format takes, and one that is broken."""
    path = tmp_path / "file.json"
    path.write_bytes(b'{"title": "one"}\n{"title": "two"\n')
    load(path)
    return in_acme_now(
        lambda: [row.shown_id for row in RejectedRecord.objects.order_by("position")]
    )


def test_all_that_wait_are_replayed_and_what_is_still_at_fault_stays(in_acme_now, kept):
    lines = replay(other="generic")

    assert lines[0].startswith(f"  {kept[1]}: The record cannot be read: ")
    assert lines[-1] == "read=2 created=1 duplicates=0 rejected=1 skipped=0"
    assert in_acme_now(lambda: [alert.title for alert in Alert.objects.all()]) == ["one"]
    assert replay(other="generic")[-1].startswith("read=1 ")


def test_one_is_mended_from_a_file(in_acme_now, kept, tmp_path):
    (tmp_path / "mended.json").write_text('{"title": "two"}')

    lines = replay(kept[1], other="generic", record=str(tmp_path / "mended.json"))

    assert lines == ["read=1 created=1 duplicates=0 rejected=0 skipped=0"]


def test_a_wrong_call_says_what_to_do(kept):
    with pytest.raises(CommandError, match="begin with rej_"):
        replay("alr_1")
    with pytest.raises(CommandError, match="give its id"):
        replay(record="x.json")
    with pytest.raises(CommandError, match="cannot be read"):
        replay(kept[0], record="nowhere.json")
