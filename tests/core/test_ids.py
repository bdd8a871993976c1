from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import ids

UUIDS = st.uuids()


@given(UUIDS)
def test_a_shown_id_reads_back(value):
    assert ids.read("alr", ids.show("alr", value)) == value


@given(UUIDS)
def test_rfc_4122_text_reads_back(value):
    assert ids.read("alr", str(value)) == value


@given(st.text(max_size=60))
def test_any_text_is_an_id_or_nothing(text):
    found = ids.read("alr", text)

    assert found is None or text in (ids.show("alr", found), str(found))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "alr_",
        "inv_01j000000000000000000000000"[:30],
        "ALR_01j00000000000000000000000",
        "alr_01J00000000000000000000000",
        "alr_01jo0000000000000000000000",
        "alr_01jl0000000000000000000000",
        "alr_01ju0000000000000000000000",
        "alr_81j00000000000000000000000",
        "alr_01j0000000000000000000000",
        "{01a1f8b5-d427-861b-e5c3-b2a143761128}",
        "01A1F8B5-D427-861B-E5C3-B2A143761128",
        "01a1f8b5d427861be5c3b2a143761128",
        None,
        7,
    ],
)
def test_wrong_prefix_case_and_aliases_are_not_found(text):
    assert ids.read("alr", text) is None


def test_new_ids_rise_within_a_millisecond():
    made = [ids.new() for _ in range(5000)]

    assert made == sorted(made)
    assert len(set(made)) == 5000


def test_an_id_keeps_its_time_in_the_first_48_bits():
    assert ids.at(1_700_000_000_000).int >> 80 == 1_700_000_000_000


def test_none_is_shown_as_none():
    assert ids.show("alr", None) is None
    assert ids.read("alr", UUID(int=5)) == UUID(int=5)
