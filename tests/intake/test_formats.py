import json
from collections import Counter
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soc.intake import formats
from soc.intake.drafts import AlertDraft, Fault, Signal, Skip
from soc.intake.envelope import Record, stream
from tests.intake import shapes
from tests.intake.factories import eve, read
from tests.intake.make_eve import lines, tally

SEVERITIES = {"pending", "informational", "low", "medium", "high", "critical"}


def test_every_file_of_the_folder_is_a_format():
    assert set(shapes.EVERY) | {"suricata", "csv", "generic", "auto"} == set(formats.every())
    assert all(each.title and callable(each.draft) for each in formats.every().values())


def test_an_unknown_format_is_refused_with_the_known_ones():
    with pytest.raises(formats.UnknownFormatError, match=r"'nope'; known are .*auto, .*suricata"):
        formats.get("nope")


def test_auto_tells_eve_from_the_rest():
    assert read(eve(), "auto").source_name == "suricata"
    assert read(eve(event_type="stats", stats={}, alert={}), "auto") == Skip("event_type stats")
    assert read({"title": "x", "event_type": "alert"}, "auto").source_name == "generic"


def test_a_made_up_eve_file_is_counted_as_it_was_made():
    body = b"".join(lines(1_500, 7))
    expected = tally(1_500, 7)

    results = [formats.outcome(formats.get("suricata"), each) for each in stream(BytesIO(body))]
    counts = Counter(type(result) for result in results)

    assert counts[AlertDraft] == expected.alerts
    assert counts[Skip] == expected.others
    assert counts[Fault] == expected.broken
    keys = [result.identity_keys for result in results if isinstance(result, AlertDraft)]
    assert len(keys) - len(set(keys)) == expected.repeats > 0


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
EVE_NAMES = (
    *("timestamp", "flow_id", "src_ip", "dest_ip", "src_port", "dest_port", "proto", "host"),
    *("alert", "http", "tls", "dns", "fileinfo", "files", "smtp", "email", "smb", "krb5"),
)
ALERT_NAMES = ("gid", "signature_id", "rev", "signature", "severity", "metadata", "target")
EVE = st.builds(
    lambda record, alert: {**record, "event_type": "alert", "alert": alert},
    st.dictionaries(st.sampled_from(EVE_NAMES), JSON),
    st.dictionaries(st.sampled_from(ALERT_NAMES), JSON) | JSON,
)


def _mutated(record):
    """A tool's record in which anything may stand in any place."""
    if not isinstance(record, dict):
        return st.just(record) | JSON
    parts = {name: st.deferred(lambda v=value: _mutated(v)) for name, value in record.items()}
    return st.fixed_dictionaries({}, optional=parts) | JSON


SHAPES = st.one_of(
    [
        st.fixed_dictionaries({name: _mutated(value) for name, value in shape.items()})
        for shape in shapes.EVERY.values()
    ]
)
COMMON = st.dictionaries(
    st.sampled_from(["title", "severity", "time", "host", "user", "source", "id", "name", "tags"]),
    JSON,
)


@given(
    st.sampled_from(sorted(formats.every())),
    EVE | COMMON | SHAPES | st.dictionaries(st.text(), JSON),
)
def test_no_record_crashes_a_format_and_every_draft_is_bounded(name, record):
    format_ = formats.get(name)
    whole = Record(1, b"{}", record, None, False, False, 2)

    for each in formats.spread(format_, [whole]):
        _check(formats.outcome(format_, each))


def _check(result):
    assert isinstance(result, AlertDraft | Signal | Skip | Fault)
    if isinstance(result, AlertDraft):
        assert 0 < len(result.title) <= 500
        assert len(result.description) <= 20_000
        assert result.severity in SEVERITIES
        assert len(result.indicators) <= 200
        assert len(result.identity_keys) in {1, 2}
        texts = (result.source_id, result.host_name, result.user_name, result.rule_key)
        assert all(len(text) <= 255 for text in texts)
        assert json.dumps([result.host, result.user, result.metadata, result.affected_assets])
