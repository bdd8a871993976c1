"""Events that speak of an alert that there is already, and the key of who sends them."""

from io import BytesIO

import pytest

from soc.intake import formats
from soc.intake.drafts import Fault, Signal
from soc.intake.envelope import stream
from tests.intake import shapes
from tests.intake.factories import read, records_of
from tests.intake.shapes import changed

SIGNALS = {
    "resolved": (changed(shapes.ALERTMANAGER, alerts__0__status="resolved"), "resolve"),
    "resolve": (changed(shapes.PAGERDUTY, event_action="resolve"), "resolve"),
    "acknowledge": (changed(shapes.PAGERDUTY, event_action="acknowledge"), "acknowledge"),
}


@pytest.mark.parametrize(("record", "verb"), SIGNALS.values(), ids=SIGNALS)
def test_a_signal_speaks_of_the_alert_that_was_made(record, verb):
    name = "pagerduty" if "payload" in record else "alertmanager"
    made = read(shapes.EVERY[name], name)

    assert read(record, "auto") == Signal(verb, name, made.identity_keys[0].key)


@pytest.mark.parametrize(
    "change", [{"event_action": "snooze"}, {"event_action": "resolve", "dedup_key": None}]
)
def test_an_event_that_says_nothing_to_do_is_at_fault(change):
    assert isinstance(read(changed(shapes.PAGERDUTY, **change), "pagerduty"), Fault)


def test_the_senders_key_is_not_kept():
    [record] = formats.spread(formats.get("auto"), records_of(shapes.PAGERDUTY))

    assert b"secret" not in record.raw
    assert "routing_key" not in record.value


@pytest.mark.parametrize("name", ["pagerduty", "auto"])
@pytest.mark.parametrize(
    "broken",
    [
        b'{"routing_key": "0123.secret", "event_action": trigger}',
        b'{"payload": {}, "routing_key" :"0123.sec\\"ret',
        b'"routing_key":"secret" "routing_key":\n"secret"',
    ],
)
def test_the_senders_key_is_not_kept_of_an_event_that_cannot_be_read(name, broken):
    lines = b'{"event_action": "trigger"}\n' + broken.replace(b"\n", b" ") + b"\n"

    _, record = formats.spread(formats.get(name), stream(BytesIO(lines)))

    assert record.value is None
    assert b"ret" not in record.raw.replace(b"***", b"")
    assert b'"***"' in record.raw
