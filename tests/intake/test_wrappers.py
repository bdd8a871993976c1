"""What tools and transports put around records: taken off, taken apart, and empty."""

import pytest

from soc.intake import formats
from soc.intake.drafts import AlertDraft, Fault
from tests.intake import shapes
from tests.intake.factories import read, records_of, taken

BRIDGE = {"detail-type": "Finding", "source": "aws.made-up"}
WRAPPED = {
    "wazuh's indexer": ({"_index": "i", "_id": "x", "_source": shapes.WAZUH}, 1),
    "EventBridge, GuardDuty": (BRIDGE | {"detail": shapes.GUARDDUTY}, 1),
    "EventBridge, Security Hub": (BRIDGE | {"detail": {"findings": [shapes.ASFF] * 3}}, 3),
    "the API of Security Hub": ({"Findings": [shapes.ASFF] * 2}, 2),
    "the API of Graph": ({"value": [shapes.GRAPH] * 2}, 2),
    "the API of Sentinel": ({"value": [shapes.SENTINEL] * 2}, 2),
    "a search of Wazuh's indexer": ({"hits": {"hits": [{"_source": shapes.WAZUH}] * 3}}, 3),
    "a search of Elastic": ({"hits": {"hits": [{"_source": shapes.ELASTIC}] * 2}}, 2),
    "a group of Alertmanager": (shapes.ALERTMANAGER | {"alerts": [shapes.FIRING] * 4}, 4),
    "a webhook of TheHive": ({"objectType": "alert", "object": shapes.THEHIVE}, 1),
    "GuardDuty's API": (
        {
            "Findings": [
                {
                    "Id": f"gd-{number}",
                    "Type": "Recon:EC2/Portscan",
                    "Severity": 2,
                    "Title": "A scan",
                    "Service": {"Count": 1},
                }
                for number in range(2)
            ]
        },
        2,
    ),
}


@pytest.mark.parametrize(("record", "count"), WRAPPED.values(), ids=WRAPPED)
def test_wrappers_are_taken_off_and_apart(record, count):
    drafts = taken(record, "auto")

    assert len(drafts) == count
    assert all(isinstance(draft, AlertDraft) and draft.source_id for draft in drafts)
    assert {draft.source_name for draft in drafts} != {"generic"}


def test_a_group_whose_wrapper_is_large_is_not_multiplied():
    record = shapes.ALERTMANAGER | {
        "alerts": [shapes.FIRING] * 50,
        "commonLabels": {"x": "y" * 9000},
    }

    found = list(formats.spread(formats.get("alertmanager"), records_of(record)))

    assert sum(len(each.raw) for each in found) < 50 * 1_000


LARGE = {"large": "y" * 9_000, "listed": ["y" * 9_000]}


@pytest.mark.parametrize(
    ("name", "record"),
    [
        (
            "alertmanager",
            shapes.ALERTMANAGER | {"alerts": [shapes.FIRING] * 3, "groupLabels": LARGE},
        ),
        ("asff", BRIDGE | {"detail": {"findings": [shapes.ASFF] * 3}, "resources": LARGE}),
    ],
)
def test_parts_of_a_large_wrapper_are_of_its_shape(name, record):
    drafts = taken(record, "auto")

    assert [draft.source_name for draft in drafts] == [name] * 3


def test_wrappers_of_very_many_parts_stay_small_and_keep_their_names():
    outside = {"receiver": "r" * 300, "groupKey": "g", "version": 4}
    record = outside | {"alerts": [{"labels": {}}] * 20_000}

    found = list(formats.spread(formats.get("alertmanager"), records_of(record)))

    assert found[0].value == outside | {"receiver": "", "alerts": [{"labels": {}}]}
    assert len(found) == 20_000


def test_a_wrapper_of_very_many_names_is_not_repeated_with_all_of_them():
    record = {f"name {number}": number for number in range(900)} | {"value": [{}] * 5_000}

    [part, *_] = formats.spread(formats.get("graph"), records_of(record))

    assert len(part.raw) < 2_000


@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("generic", {"value": [], "severity": 5}),
        ("pagerduty", {"event_action": "explode", "dedup_key": "k", "value": []}),
    ],
)
def test_a_fault_with_an_empty_list_is_no_empty_answer(name, record):
    assert isinstance(read(record, name), Fault)
