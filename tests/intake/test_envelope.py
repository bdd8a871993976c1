import json
from io import BytesIO

import pytest

from soc.intake import envelope, window
from soc.intake.envelope import TooManyError, split, stream
from soc.intake.window import EnvelopeError

A, B = b'{"a": 1}', b'{"b": "]} \\" [,"}'
PRETTY = json.dumps({"a": 1, "b": {"c": [1, {"d": "}"}]}}, indent=2).encode()

SHAPES = {
    "one object": (A, [A]),
    "an array": (b"[" + A + b" ,\n" + B + b"]", [A, B]),
    "an empty array": (b" [ ] ", []),
    "lines": (A + b"\n" + B + b"\n", [A, B]),
    "lines with CRLF, blanks and no last line feed": (A + b"\r\n\r\n \n" + B, [A, B]),
    "a byte order mark": (b"\xef\xbb\xbf" + A + b"\n" + B, [A, B]),
    "a byte order mark before an array": (b"\xef\xbb\xbf[" + A + b"]", [A]),
    "one pretty-printed object": (PRETTY, [PRETTY]),
    "pretty-printed objects in a row": (PRETTY + b"\n" + PRETTY, [PRETTY, PRETTY]),
    "objects in a row on one line": (A + B + A, [A, B, A]),
    "arrays in a row": (b"[" + A + b"]\n[" + B + b"]", [A, B]),
    "an object whose second line is an object": (
        b'{"alerts": [\n{"x": 1}\n]}',
        [b'{"alerts": [\n{"x": 1}\n]}'],
    ),
}


@pytest.mark.parametrize(("body", "raws"), SHAPES.values(), ids=SHAPES)
def test_every_shape_gives_the_bytes_of_its_records(body, raws):
    assert [record.raw for record in split(body)] == raws
    assert [record.raw for record in stream(BytesIO(body))] == raws


@pytest.mark.parametrize(("body", "raws"), SHAPES.values(), ids=SHAPES)
def test_a_stream_resumes_after_any_record(body, raws):
    for record in stream(BytesIO(body)):
        rest = list(stream(BytesIO(body), record.end_offset, record.position))

        assert [each.raw for each in rest] == raws[record.position :]
        assert [each.position for each in rest] == list(range(record.position + 1, len(raws) + 1))


FAULTS = {
    "duplicate keys": (b'{"a": 1, "a": 2}', "duplicate keys"),
    "duplicate keys deep within": (b'{"x": [{"a": 1, "a": 2}]}', "duplicate keys"),
    "nesting": (b'{"a":' * 33 + b"1" + b"}" * 33, "deeper than 32"),
    "a hundred thousand brackets": (b'{"a":' + b"[" * 10**5 + b"]" * 10**5 + b"}", "deeper"),
    "a number": (b"17", "not a number"),
    "a string": (b'"text"', "not a string"),
    "null": (b"null", "not null"),
    "keys": (json.dumps(dict.fromkeys(map(str, range(1001)))).encode(), "1,000 keys"),
    "bad UTF-8": (b'{"a": "\xff"}', "not UTF-8 at byte 7"),
    "a surrogate in UTF-8": (b'{"a": "\xed\xa0\x80"}', "not UTF-8"),
    "NaN": (b'{"a": NaN}', "NaN"),
    "Infinity": (b'{"a": -Infinity}', "Infinity"),
    "an enormous float": (b'{"a": 1e999}', "double"),
    "an integer beyond 64 bits": (b'{"a": 18446744073709551616}', "64 bits"),
    "an enormous integer": (b'{"a": ' + b"9" * 10**5 + b"}", "64 bits"),
}


@pytest.mark.parametrize(("bad", "reason"), FAULTS.values(), ids=FAULTS)
def test_a_bad_line_is_at_fault_and_the_rest_goes_in(bad, reason):
    first, second, third = split(A + b"\n" + bad + b"\n" + B)

    assert (first.value, third.raw) == ({"a": 1}, B)
    assert second.value is None
    assert reason in second.fault


@pytest.mark.parametrize(("bad", "reason"), FAULTS.values(), ids=FAULTS)
def test_a_bad_element_is_at_fault_and_the_rest_of_the_array_goes_in(bad, reason):
    first, second, third = split(b"[" + b",".join((A, bad, B)) + b"]")

    assert (first.value, third.raw) == ({"a": 1}, B)
    assert reason in second.fault


def test_what_just_fits_is_taken():
    for good in (
        b'{"a":' * 32 + b"1" + b"}" * 32,
        json.dumps(dict.fromkeys(map(str, range(1000)))).encode(),
        b'{"a": 18446744073709551615, "b": -9223372036854775808}',
        b'{"a": "' + b"[{" * 500 + b'\\"[["}',
    ):
        assert split(good)[0].fault is None


BROKEN_LINES = (b'{"a": 1', b"garbage", b'{"a": "x', b'{"a": }', b"}", b'{"a": {"b": {')


@pytest.mark.parametrize("bad", BROKEN_LINES)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_line_that_does_not_parse_spoils_no_other_wherever_it_stands(bad, place):
    lines = [A, B]
    lines.insert(place, bad)

    records = split(b"\n".join(lines))

    assert [record.raw for record in records if record.value] == [A, B]
    assert [record.position for record in records if record.fault] == [place + 1]
    assert records[place].raw == bad


ENVELOPES = {
    "nothing": (b"", 0),
    "white space": (b" \n\t", 0),
    "an object cut off": (b'{"a": 1', 0),
    "a pretty-printed object cut off": (PRETTY[:-1], 0),
    "an object with a comma too many": (b'{"a": 1,}', 0),
    "words": (b"hello", 0),
    "an array cut off": (b"[" + A, 9),
    "an array without commas": (b"[" + A + A + b"]", 9),
    "an array with a comma too many": (b"[" + A + b",]", 10),
    "an array of an invalid element": (b'[{"a": }]', 1),
    "an array with something behind it": (b"[" + A + b"] hello", 11),
    "a string cut off in an array": (b'["abc', 1),
    "a hundred thousand brackets": (b"[" * 10**5, 1),
}


@pytest.mark.parametrize(("body", "position"), ENVELOPES.values(), ids=ENVELOPES)
def test_a_request_whose_envelope_is_broken_is_refused_with_the_place(body, position):
    with pytest.raises(EnvelopeError) as refused:
        split(body)

    assert refused.value.position == position


def test_a_file_of_pretty_printed_objects_loses_only_the_broken_one():
    body = PRETTY + b'\n{\n "a": ,\n "b": 2\n}\n' + PRETTY

    faults = [record.fault is not None for record in stream(BytesIO(body))]

    assert faults == [False, True, False]


REPAIRS = {
    rb'{"a": "x\u0000y"}': "x\ufffdy",
    b'{"a": "x\x00y"}': "x\ufffdy",
    rb'{"a": "\ud800"}': "\ufffd",
    rb'{"a": "\udc00\ud83d"}': "\ufffd\ufffd",
    rb'{"a": "\ud83d\ud83d\ude00"}': "\ufffd😀",
}


@pytest.mark.parametrize(("raw", "text"), REPAIRS.items())
def test_nul_and_lone_surrogates_are_replaced_and_the_bytes_kept(raw, text):
    [record] = split(raw)

    assert (record.value, record.repaired, record.raw) == ({"a": text}, True, raw)


@pytest.mark.parametrize("raw", [rb'{"a": "\ud83d\ude00"}', rb'{"a": "\\u0000 \\ud800"}'])
def test_pairs_and_escaped_backslashes_are_no_repair(raw):
    [record] = split(raw)

    assert (record.value, record.repaired) == (json.loads(raw), False)


def test_keys_that_become_the_same_by_repair_are_at_fault():
    assert "duplicate" in split(rb'{"a\u0000": 1, "a\ud800": 2}')[0].fault


def test_a_request_takes_five_thousand_records_and_not_one_more():
    assert len(split(A * 5_000)) == 5_000
    with pytest.raises(TooManyError):
        split(b"\n".join([A] * 5_001))


def test_an_overlong_line_is_at_fault_and_cut(monkeypatch):
    monkeypatch.setattr(window, "MAX_BYTES", 100)
    monkeypatch.setattr(window, "CHUNK", 64)
    monkeypatch.setattr(envelope, "KEPT_OF_OVERLONG", 10)

    records = list(stream(BytesIO(A + b"\n" + b"x" * 1_000 + b"\n" + B)))

    assert [record.raw for record in records] == [A, b"x" * 10, B]
    assert "longer" in records[1].fault


def test_records_may_lie_across_chunks(monkeypatch):
    monkeypatch.setattr(window, "CHUNK", 7)

    records = list(stream(BytesIO(b"[" + b" , ".join([PRETTY, B, b'"a, b"', A]) + b"]")))

    assert [record.raw for record in records] == [PRETTY, B, b'"a, b"', A]


def test_a_file_is_read_in_flat_memory():
    class Endless(BytesIO):
        largest = 0

        def read(self, size=-1):
            assert 0 < size <= window.CHUNK
            return super().read(size)

    count = sum(1 for _ in stream(Endless(PRETTY * 50_000)))

    assert count == 50_000


def test_a_first_line_longer_than_what_is_looked_at_is_still_a_line(monkeypatch):
    monkeypatch.setattr(window, "CHUNK", 16)

    raws = [record.raw for record in stream(BytesIO(b'{"a": "' + b"x" * 50 + b'"}\n' + A))]

    assert raws == [b'{"a": "' + b"x" * 50 + b'"}', A]


def test_a_value_without_an_end_is_given_up_at_the_limit(monkeypatch):
    monkeypatch.setattr(window, "MAX_BYTES", 100)
    monkeypatch.setattr(window, "CHUNK", 64)

    with pytest.raises(EnvelopeError, match="longer than 100 bytes"):
        list(stream(BytesIO(b'[{"a": "' + b"x" * 1_000)))


def test_numbers_are_read_as_they_are():
    assert split(b'{"a": 1.5, "b": -0.0, "c": 1e3}')[0].value == {"a": 1.5, "b": -0.0, "c": 1e3}
