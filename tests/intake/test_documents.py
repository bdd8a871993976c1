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


@pytest.mark.parametrize(
    ("tail", "told"),
    [(b"", "the array is not closed"), (b"]", "the document is not closed")],
)
def test_what_is_behind_a_break_in_a_document_is_not_read(tail, told):
    file = BytesIO(b'{"value": [\n' + b",".join([b'{"title": "x"}'] * 400) + tail)
    taken = []

    with pytest.raises(EnvelopeError, match=told):
        taken.extend(stream(file))
    assert len(list(_until_fault(file))) == 400


def _until_fault(file):
    try:
        yield from stream(file)
    except EnvelopeError:
        return


@pytest.mark.parametrize("entry", [b"7", b'"x"', b"[1]", b'{"a": }'])
def test_an_entry_that_is_no_record_is_at_fault_and_the_rest_goes_in(entry):
    file = BytesIO(b'{"value": [\n' + b",".join([b'{"title": "x"}', entry] * 400) + b"]}")

    records = list(stream(file))

    outcomes = [formats.outcome(formats.get("graph"), record) for record in records]
    assert len(records) == 800
    assert sum(isinstance(each, AlertDraft) for each in outcomes) == 400
