import pytest

from core.strictjson import Malformed, loads


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"{", "no JSON"),
        (b'{"a', "Unterminated string starting at line 1, column 2"),
        (b'{"a" 1}', "Expecting ':' delimiter at line 1, column 6"),
        (b'{"a": 1, "a": 2}', "'a'"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": 1e999}', "double"),
        (b'{"a": ' + b"9" * 50 + b"}", "64 bits"),
        (b"[" * 100_000, "nested deeper"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, "nested deeper"),
        (b'{"a": "\\u0000"}', "NUL"),
        (b'{"a": "\\ud800"}', "surrogate"),
        (b'{"a": "\x00"}', "NUL"),
        (b"\xff\xfe{}", "UTF-8"),
    ],
)
def test_a_doubtful_body_is_refused_with_its_reason(body, sentence):
    with pytest.raises(Malformed) as refusal:
        loads(body)

    assert sentence in refusal.value.message


def test_brackets_in_texts_are_no_depth():
    assert loads(b'{"a": "' + b"[" * 100 + b'"}') == {"a": "[" * 100}


def test_a_whole_surrogate_pair_and_a_bom_are_taken():
    assert loads(b'\xef\xbb\xbf{"a": "\\ud83d\\ude00"}') == {"a": "😀"}
