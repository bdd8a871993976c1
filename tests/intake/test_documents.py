"""Files of one document that is too large to be held: its records are read one by one."""

import json
from io import BytesIO

import pytest

from soc.intake import formats, window
from soc.intake.drafts import AlertDraft
from soc.intake.envelope import stream
from soc.intake.window import EnvelopeError
from tests.intake import shapes

COUNT = 9
NESTED = {"took": 3, "hits": {"total": {"value": COUNT}, "hits": [shapes.ELASTIC] * COUNT}}
DOCUMENTS = {
    "asff": {"Findings": [shapes.ASFF] * COUNT, "NextToken": "x"},
    "graph": {"@odata.context": "y", "value": [shapes.GRAPH] * COUNT},
    "elastic": NESTED,
    "wazuh": {"hits": {"hits": [{"_id": "a", "_source": shapes.WAZUH}] * COUNT}},
}
WRITTEN = {
    "pretty": lambda document: json.dumps(document, indent=2).encode(),
    "on one line": lambda document: json.dumps(document).encode() + b"\n",
    "without an end of line": lambda document: json.dumps(document).encode(),
}


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """A file of a few kilobytes is too large."""
    monkeypatch.setattr(window, "MAX_BYTES", 4_000)
    monkeypatch.setattr(window, "CHUNK", 500)


@pytest.mark.parametrize("way", WRITTEN)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_record_of_a_large_document_is_read_by_itself(name, way):
    file = BytesIO(WRITTEN[way](DOCUMENTS[name]) + b'{"title": "one more"}')

    *records, last = stream(file)

    drafts = [formats.outcome(formats.get("auto"), record) for record in records]
    assert [record.position for record in records] == list(range(1, COUNT + 1))
    assert {draft.source_name for draft in drafts if isinstance(draft, AlertDraft)} == {name}
    assert last.value == {"title": "one more"}


@pytest.mark.parametrize("way", WRITTEN)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_read_goes_on_behind_each_record_of_a_document(name, way):
    file = BytesIO(WRITTEN[way](DOCUMENTS[name]) + b'{"title": "one more"}')
    whole = list(stream(file))

    for number, record in enumerate(whole):
        rest = list(stream(file, record.end_offset, record.position))
        assert rest == whole[number + 1 :]


WITHOUT = {
    "another list": b'{"things": [' + b'{"a": 1},' * 600 + b'{"a": 2}]}',
    "no list": b'{"text": "' + b"x" * 5_000 + b'"}',
    "its list deeper": b'{"a": {"value": [' + b'{"a": 1},' * 600 + b'{"a": 2}]}}',
}


@pytest.mark.parametrize("text", WITHOUT.values(), ids=WITHOUT)
def test_a_document_without_a_known_list_is_told_as_before(text):
    pretty = text.replace(b"{", b"{\n", 1)

    [record] = stream(BytesIO(text))
    with pytest.raises(EnvelopeError, match="longer than 4,000 bytes"):
        list(stream(BytesIO(pretty)))

    assert "a line longer than 4,000 bytes" in record.fault


ENTRIES = b'{"value": [\n' + b",".join([b'{"title": "x"}'] * 400)
BREAKS = {
    "not closed": (ENTRIES, "the array is not closed"),
    "closed by half": (ENTRIES + b"]", "the document is not closed"),
    "without a comma": (ENTRIES + b'{"title": "x"}]}', "the array is not closed"),
}


@pytest.mark.parametrize(("text", "told"), BREAKS.values(), ids=BREAKS)
def test_what_is_behind_a_break_in_a_document_is_not_read(text, told):
    taken = []

    with pytest.raises(EnvelopeError, match=told):
        taken.extend(stream(BytesIO(text)))  # keeps what came before

    assert len(taken) == 400


LONG = b"x" * 5_000
LINES = {
    "not closed": b'{"value": [' + b",".join([b'{"title": "x"}'] * 400),
    "a comma too many": b'{"value": [' + b'{"title": "x"},' * 400,
    "an entry too long": b'{"value": [{"a": "' + LONG + b'"}]}',
    "a member too long behind it": b'{"value": [{"a": 1}], "b": "' + LONG + b'"}',
    "no entry": b'{"title": "x", "value": [], "b": "' + LONG + b'"}',
    "no objects": b'{"title": "x", "value": [7], "b": "' + LONG + b'"}',
    "no document": b'{"title": "x", "b": "' + LONG + b'"}',
}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
@pytest.mark.parametrize("first", [b'{"n": 1}', b'# not a record\n{"n": 1}'])
def test_a_line_that_is_too_long_costs_no_other(line, first):
    text = b"\n".join([first, line, b'{"n": 2}', b'{"n": 3}'])
    whole = list(stream(BytesIO(text)))

    assert [record.value for record in whole[-2:]] == [{"n": 2}, {"n": 3}]
    assert "a line longer than 4,000 bytes" in whole[-3].fault
    assert [record.position for record in whole] == list(range(1, len(whole) + 1))
    for number in (0, len(whole) - 3, len(whole) - 2):
        record = whole[number]
        rest = list(stream(BytesIO(text), record.end_offset, record.position))
        assert rest == whole[number + 1 :]


@pytest.mark.parametrize("entry", [b"7", b'"x"', b"[1]", b'{"a": }'])
def test_an_entry_that_is_no_record_is_at_fault_and_the_rest_goes_in(entry):
    file = BytesIO(b'{"value": [\n' + b",".join([b'{"title": "x"}', entry] * 400) + b"]}")

    records = list(stream(file))

    outcomes = [formats.outcome(formats.get("graph"), record) for record in records]
    assert len(records) == 800
    assert sum(isinstance(each, AlertDraft) for each in outcomes) == 400


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_record_is_the_same_read_by_itself_or_with_the_others(name, monkeypatch):
    text = WRITTEN["pretty"](DOCUMENTS[name])
    format_ = formats.get(name)
    streamed = [formats.outcome(format_, each) for each in stream(BytesIO(text))]
    monkeypatch.setattr(window, "MAX_BYTES", 1_000_000)

    held = [
        formats.outcome(format_, each) for each in formats.spread(format_, stream(BytesIO(text)))
    ]

    keys = [[each.identity_keys for each in drafts] for drafts in (streamed, held)]
    assert keys[0] == keys[1]
    assert len(keys[0]) == COUNT
