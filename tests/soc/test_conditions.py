"""Conditions over an alert: each operator, on one value and on several, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from soc import conditions

FACTS = {
    "title": "Beacon to EVIL.example",
    "severity": "high",
    "malice": "pending",
    "category": "network",
    "host_name": "web-01",
    "user_name": None,
    "tags": ["vip", "Rare"],
    "indicators": ["192.0.2.17", "evil.example.org", "2001:db8::7"],
    "duplicate_count": 4,
    "description": "",
}
HOLD = [
    ("title", "contains", "evil.EXAMPLE"),
    ("category", "equals", "NETWORK"),
    ("category", "not_equals", "endpoint"),
    ("category", "in", ["endpoint", "network"]),
    ("category", "not_in", ["endpoint"]),
    ("host_name", "starts_with", "WEB-"),
    ("host_name", "ends_with", "01"),
    ("host_name", "not_contains", "db"),
    ("tags", "equals", "rare"),
    ("tags", "not_equals", "common"),
    ("indicators", "in_network", "192.0.2.0/24"),
    ("indicators", "in_network", "2001:db8::/32"),
    ("indicators", "not_in_network", "198.51.100.0/24"),
    ("severity", "at_least", "medium"),
    ("severity", "at_most", "high"),
    ("duplicate_count", "at_least", 4),
    ("duplicate_count", "equals", 4),
    ("host_name", "exists", None),
    ("user_name", "absent", None),
    ("description", "absent", True),
    ("user_name", "not_equals", "e.maddox"),
]
FAIL = [
    ("title", "contains", "benign"),
    ("category", "in", ["endpoint"]),
    ("tags", "not_equals", "vip"),
    ("tags", "not_in", ["rare", "x"]),
    ("indicators", "in_network", "10.0.0.0/8"),
    ("indicators", "not_in_network", "192.0.2.0/24"),
    ("severity", "at_least", "critical"),
    ("malice", "at_least", "benign"),
    ("duplicate_count", "at_most", 3),
    ("user_name", "exists", None),
    ("user_name", "equals", "e.maddox"),
    ("host_name", "absent", None),
]
REFUSED = [
    ("a text", "list"),
    ([{"field": "title"}], "Condition 1"),
    ([{"field": "title", "op": "equals", "value": "x", "and": 1}], "Condition 1"),
    (["title"], "Condition 1"),
    ([{"field": "secret", "op": "equals", "value": "x"}], "use one of the fields"),
    ([{"field": "title", "op": "matches", "value": ".*"}], "use one of the ops"),
    ([{"field": "title", "op": "in", "value": "x"}], "takes a list"),
    ([{"field": "title", "op": "in", "value": []}], "takes a list"),
    ([{"field": "title", "op": "exists", "value": "x"}], "takes no value"),
    ([{"field": "indicators", "op": "in_network", "value": "evil"}], "no network"),
    ([{"field": "severity", "op": "at_least", "value": "urgent"}], "takes one of"),
    ([{"field": "title", "op": "at_least", "value": "x"}], "compares severity"),
    ([{"field": "duplicate_count", "op": "at_least", "value": "x"}], "takes a number"),
    ([{"field": "title", "op": "equals", "value": ""}], "takes a text or a number"),
    ([{"field": "title", "op": "equals", "value": {"a": 1}}], "takes a text or a number"),
    ([{"field": "title", "op": "exists"}] * 51, "At most 50"),
]


def holds(field, op, value):
    [condition] = conditions.read([{"field": field, "op": op, "value": value}], field="rules")
    return condition.holds(FACTS)


@pytest.mark.parametrize(("field", "op", "value"), HOLD)
def test_a_condition_holds(field, op, value):
    assert holds(field, op, value)


@pytest.mark.parametrize(("field", "op", "value"), FAIL)
def test_a_condition_does_not_hold(field, op, value):
    assert not holds(field, op, value)


@pytest.mark.parametrize(("given", "sentence"), REFUSED)
def test_what_is_no_condition_is_refused_with_the_place_and_the_reason(given, sentence):
    with pytest.raises(BadInput, match=sentence) as refusal:
        conditions.read(given, field="targeting_rules")

    assert refusal.value.field == "targeting_rules"


def test_every_operator_is_tried_above():
    assert {op for _, op, _ in [*HOLD, *FAIL]} == set(conditions.OPERATORS)


def test_all_need_every_one_and_none_is_never_enough():
    yes, no = (conditions.Condition(*each) for each in (HOLD[0], FAIL[0]))

    assert conditions.all_hold([yes, yes], FACTS)
    assert not conditions.all_hold([yes, no], FACTS)
    assert not conditions.all_hold([], FACTS)
    assert conditions.any_holds([no, yes], FACTS)
    assert not conditions.any_holds([], FACTS)


values = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text(), max_size=3)


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "field": st.sampled_from(conditions.FIELDS),
                "op": st.sampled_from(conditions.OPERATORS),
                "value": values,
            }
        ),
        max_size=3,
    ),
    st.dictionaries(st.sampled_from(conditions.FIELDS), values),
)
def test_whatever_is_read_can_be_judged(given_conditions, facts):
    try:
        read = conditions.read(given_conditions, field="rules")
    except BadInput:
        return

    assert conditions.all_hold(read, facts) in (True, False)
