import io
import json
import os
import pty
import signal
import subprocess
import sys
import termios
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from core import tenancy
from core.actors import SYSTEM_PERSON_ID
from core.models import AuditEvent
from soc.intake.runs import Given
from soc.models import Alert, ImportCheckpoint, RejectedRecord
from soc.services import imports, intake
from tests.intake import make_eve
from tests.launch.checkout import eventually

pytestmark = pytest.mark.django_db(transaction=True)
EVENTS = 6_000


def load(path, tenant="acme", format_="suricata"):
    """Status and lines of standard output; a refusal's sentence is the last line."""
    out = io.StringIO()
    try:
        call_command("import_alerts", str(path), tenant=tenant, format=format_, stdout=out)
    except CommandError as refusal:
        return refusal.returncode, [*out.getvalue().splitlines(), str(refusal)]
    return 0, out.getvalue().splitlines()


def eve(folder, count, seed=7):
    path = folder / "eve.json"
    path.write_bytes(b"".join(make_eve.lines(count, seed)))
    return path, make_eve.tally(count, seed)


@contextmanager
def stopped_after_a_batch(monkeypatch):
    """Imports inside are stopped by hand once their first batch is stored."""
    take, seen = intake.take_drafted, []

    def stopped(given: list[Given], **rest):
        if seen:
            raise KeyboardInterrupt
        seen.append(given)
        return take(given, **rest)

    with monkeypatch.context() as patch:
        patch.setattr(intake, "take_drafted", stopped)
        yield


def closing(tally, created, duplicates):
    read = tally.alerts + tally.others + tally.broken
    return (
        f"read={read} created={created} duplicates={duplicates} "
        f"rejected={tally.broken} skipped={tally.others}"
    )


def test_a_file_comes_in_and_again_without_a_new_row(in_acme_now, tmp_path):
    path, tally = eve(tmp_path, 1_200)

    first, again = load(path), load(path)

    assert first[0] == again[0] == 0
    assert first[1][-1] == closing(tally, tally.alerts - tally.repeats, tally.repeats)
    assert again[1][-1] == closing(tally, 0, tally.alerts)
    assert in_acme_now(lambda: len(Alert.objects.only("pk"))) == tally.alerts - tally.repeats
    assert not in_acme_now(lambda: bool(ImportCheckpoint.objects.first()))


def test_rejected_records_are_told_with_their_place_and_kept(in_acme_now, tmp_path):
    path, tally = eve(tmp_path, 400)

    lines = load(path)[1]

    assert lines[0] == f"{tally.broken} records were rejected and kept:"
    kept = in_acme_now(lambda: RejectedRecord.objects.order_by("position")[0])
    assert lines[1].startswith(f"  record {kept.position}: {kept.reason} (rej_")
    assert len(lines) == imports.REASONS + 3


def test_a_reject_that_came_before_is_told_with_the_id_it_is_kept_under(in_acme_now, tmp_path):
    path = tmp_path / "eve.json"
    path.write_bytes(b"".join(make_eve.lines(20, 7)) + b"rotating log file\n")

    first, again = load(path)[1], load(path)[1]

    assert first[-2].startswith("  record 21: ")
    assert first[:-1] == again[:-1]


def test_alerts_name_the_platform_as_their_maker_and_backend_as_their_door(in_acme_now, tmp_path):
    load(eve(tmp_path, 50)[0])

    event = in_acme_now(lambda: AuditEvent.objects.get(verb="alert.intake"))
    alert = in_acme_now(lambda: Alert.objects.all()[0])
    assert (event.source_type, event.details["origin"]) == ("backend", "eve.json")
    assert (alert.source_type, alert.created_by) == ("backend", SYSTEM_PERSON_ID)


def test_nothing_comes_into_another_tenant(made, tmp_path):
    load(eve(tmp_path, 100)[0])

    with tenancy.tenant_scope(made["globex"]), transaction.atomic():
        assert not Alert.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"tenant": "initech"}, "There is no tenant 'initech'."),
        ({"format_": "snort"}, "Unknown format 'snort'; known are alertmanager, asff, auto, "),
        ({"path": "nowhere.json"}, "nowhere.json cannot be read: No such file or directory."),
    ],
)
def test_a_run_that_cannot_start_says_what_to_do(made, tmp_path, wrong, sentence):
    path, _ = eve(tmp_path, 5)

    status, lines = load(**{"path": path} | wrong)

    assert status == 1
    assert lines[0].startswith(sentence)


def test_what_stands_before_a_fault_of_the_envelope_stays(in_acme_now, tmp_path):
    path = tmp_path / "alerts.json"
    records = ", ".join(json.dumps({"id": str(n), "title": "Door open"}) for n in range(700))
    path.write_text(f"[{records} oh no")

    for created in (700, 0):
        status, lines = load(path, format_="generic")

        assert status == 1
        assert lines[-2] == (
            f"read=700 created={created} duplicates={700 - created} rejected=0 skipped=0"
        )
        assert f"from byte {len(records) + 2}: a comma or ] is missing" in lines[-1]
    assert in_acme_now(lambda: len(Alert.objects.only("pk"))) == 700


def test_standard_input_is_a_file_too(in_acme_now, tmp_path, monkeypatch):
    path, tally = eve(tmp_path, 60)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(path.read_bytes())))

    assert load("-")[1][-1] == closing(tally, tally.alerts - tally.repeats, tally.repeats)
    event = in_acme_now(lambda: AuditEvent.objects.get(verb="alert.intake"))
    assert event.details["origin"] == "standard input"


def test_an_empty_file_is_read_whole(made, tmp_path):
    path = tmp_path / "empty.json"
    path.touch()

    assert load(path) == (0, ["read=0 created=0 duplicates=0 rejected=0 skipped=0"])


def test_a_stop_by_hand_goes_on_where_it_stopped(in_acme_now, tmp_path, monkeypatch):
    path, tally = eve(tmp_path, 1_200)

    with stopped_after_a_batch(monkeypatch):
        status, lines = load(path)
    assert (status, lines[0].split(":")[0]) == (130, "Stopped. Give the same command again")
    assert in_acme_now(lambda: ImportCheckpoint.objects.all()[0]).counts["read"] == imports.BATCH

    assert load(path)[1][-1] == closing(tally, tally.alerts - tally.repeats, tally.repeats)


def start(path, outside, **pipes):
    command = ["import_alerts", "--tenant", "acme", "--format", "suricata", str(path)]
    return subprocess.Popen([sys.executable, "manage.py", *command], env=outside, **pipes)


def test_killed_half_way_and_started_again_nothing_is_lost_or_twice(in_acme_now, outside, tmp_path):
    path, tally = eve(tmp_path, EVENTS)
    child = start(path, outside, stdout=subprocess.DEVNULL)
    try:
        assert eventually(lambda: in_acme_now(lambda: bool(ImportCheckpoint.objects.first())))
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
    assert 0 < in_acme_now(lambda: len(Alert.objects.only("pk"))) < tally.alerts - tally.repeats

    again = start(path, outside, stdout=subprocess.PIPE, text=True)
    lines = again.communicate(timeout=60)[0].splitlines()

    assert again.returncode == 0
    assert lines[-1] == closing(tally, tally.alerts - tally.repeats, tally.repeats)
    counts = in_acme_now(lambda: list(Alert.objects.values_list("duplicate_count", flat=True)))
    assert (len(counts), sum(counts)) == (tally.alerts - tally.repeats, tally.repeats)


def test_the_bar_is_for_terminals_and_stays_out_of_standard_output(in_acme_now, outside, tmp_path):
    path, _ = eve(tmp_path, 100)
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    seen = []
    for stderr in (subprocess.PIPE, theirs):
        child = start(path, outside, stdout=subprocess.PIPE, stderr=stderr, text=True)
        out, err = child.communicate(timeout=60)
        assert out.splitlines()[-1].startswith("read=100 ")
        seen.append(err)
    assert seen[0] == ""
    assert b"100%" in os.read(ours, 10_000)
    os.close(ours)
    os.close(theirs)


def test_a_table_comes_in_by_a_mapping(in_acme_now, tmp_path):
    (tmp_path / "table.csv").write_text("Alarm;Prio\nDoor open;critical\n")
    (tmp_path / "map.json").write_text('{"title": "Alarm", "severity": "Prio"}')
    out = io.StringIO()

    call_command(
        "import_alerts",
        str(tmp_path / "table.csv"),
        tenant="acme",
        format="csv",
        mapping=str(tmp_path / "map.json"),
        stdout=out,
    )

    assert out.getvalue().splitlines()[-1].startswith("read=1 created=1 ")
    [alert] = in_acme_now(lambda: list(Alert.objects.all()))
    assert (alert.title, alert.severity) == ("Door open", "critical")


@pytest.mark.parametrize(
    ("format_", "mapping", "sentence"),
    [
        ("suricata", "{}", "--mapping goes with --format csv"),
        ("csv", "[", "cannot be read as JSON"),
        ("csv", '{"title": 1}', "must be an object such as"),
        ("csv", '{"colour": "x"}', "'colour' is no field of ours"),
    ],
)
def test_a_mapping_at_fault_is_named(in_acme_now, tmp_path, format_, mapping, sentence):
    (tmp_path / "map.json").write_text(mapping)

    with pytest.raises(CommandError, match=sentence):
        call_command(
            "import_alerts",
            str(tmp_path / "map.json"),
            tenant="acme",
            format=format_,
            mapping=str(tmp_path / "map.json"),
        )
