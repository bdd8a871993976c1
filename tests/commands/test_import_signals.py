"""Files in which a tool says that alerts end and begin again, over the batches of an import."""

import orjson
import pytest
from django.db import connection

from soc.models import Alert
from soc.services import imports, intake
from tests.commands.test_import_alerts import load, stopped_after_a_batch
from tests.intake import shapes
from tests.intake.shapes import changed
from tests.soc.test_order_of_signals import LATER, ONE, RESOLVE, UNTIMED

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sent(in_acme_now, tmp_path):
    """Import events as a file; the statuses of all alerts then."""

    def send(*events):
        path = tmp_path / "events.ndjson"
        path.write_bytes(
            b"\n".join(orjson.dumps(changed(shapes.PAGERDUTY, **each)) for each in events)
        )
        answer = load(path, format_="pagerduty")
        return answer[0], in_acme_now(
            lambda: sorted(Alert.objects.values_list("status", flat=True))
        )

    return send


def test_what_an_earlier_batch_resolved_begins_anew(sent, monkeypatch):
    monkeypatch.setattr(imports, "BATCH", 2)

    assert sent(UNTIMED, RESOLVE, UNTIMED) == (0, ["open", "resolved"])


def test_it_does_so_after_a_stop_between_the_batches_too(sent, monkeypatch):
    monkeypatch.setattr(imports, "BATCH", 2)

    with stopped_after_a_batch(monkeypatch):
        assert sent(UNTIMED, RESOLVE, UNTIMED) == (130, ["resolved"])

    assert sent(UNTIMED, RESOLVE, UNTIMED) == (0, ["open", "resolved"])


def test_a_batch_that_is_begun_anew_knows_nothing_of_its_first_try(sent, monkeypatch):
    sent(ONE)
    take, tries = intake.take_drafted, []

    def ended_once(given, **rest):
        outcomes = take(given, **rest)
        tries.append(given)
        if len(tries) == 1:
            with connection.cursor() as cursor:
                cursor.execute("DO $$ BEGIN RAISE SQLSTATE '40P01'; END $$")
        return outcomes

    monkeypatch.setattr(intake, "take_drafted", ended_once)

    assert sent(LATER, RESOLVE) == (0, ["resolved"])
    assert len(tries) == 2
