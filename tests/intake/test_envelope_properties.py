import json
from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st

from soc.intake.envelope import split, stream
from soc.intake.window import EnvelopeError

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
JSONISH = st.lists(
    st.sampled_from(
        [b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"\n", b"a", b"1", b'{"a": 1}', b'"x"']
    )
).map(b"".join)


@given(st.binary() | JSONISH)
def test_no_bytes_crash_split_or_stream(body):
    for read in (split, lambda data: list(stream(BytesIO(data)))):
        try:
            records = read(body)
        except EnvelopeError:
            continue
        assert all((record.value is None) == (record.fault is not None) for record in records)


@given(st.lists(st.dictionaries(st.text(), JSON, max_size=3), min_size=1, max_size=6))
def test_split_of_lines_equals_stream_and_gives_back_the_values(values):
    raws = [json.dumps(value).encode() for value in values]
    body = b"\n".join(raws)

    records = split(body)

    assert records == list(stream(BytesIO(body)))
    assert [record.raw for record in records] == raws
    array = split(b"[" + b",".join(raws) + b"]")
    assert [record.value for record in array] == [record.value for record in records]
