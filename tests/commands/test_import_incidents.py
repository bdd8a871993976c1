import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from grc.models import Incident

pytestmark = pytest.mark.django_db(transaction=True)
RECORD = {
    "incident_id": "0001AA7F",
    "plus": {"master_id": "other"},
    "summary": "Laptop stolen from a car.",
    "security_incident": "Confirmed",
    "action": {"physical": {"variety": ["Theft"]}},
    "attribute": {
        "confidentiality": {
            "data_disclosure": "Potentially",
            "data_total": 8204,
            "data": [{"variety": "Medical"}],
        }
    },
    "impact": {"overall_rating": "Damaging", "overall_amount": 5000, "iso_currency_code": "USD"},
    "timeline": {"incident": {"year": 2013, "month": 7}, "discovery": {"unit": "Days", "value": 3}},
}


def run(tmp_path, body, *more, name="a.json", format="veris"):
    path, out, err = tmp_path / name, StringIO(), StringIO()
    path.write_text(body if isinstance(body, str) else json.dumps(body))
    call_command(
        "import_incidents",
        *more,
        str(path),
        tenant="acme",
        format=format,
        stdout=out,
        stderr=err,
    )
    return out.getvalue().splitlines()[-1], err.getvalue()


def test_a_veris_record_becomes_an_incident_and_its_date_stays_partial(made, in_acme_now, tmp_path):
    told, _ = run(tmp_path, RECORD)

    assert told == "read=1 created=1 duplicates=0 rejected=0 skipped=0"
    row = in_acme_now(Incident.objects.get)
    assert row.partial_times == {"incident": "2013-07", "discovery": "3 Days"}
    assert (row.detected_at, row.first_event_at) == (None, None)
    assert (row.severity, row.category, float(row.financial_impact)) == ("high", "physical", 5000)
    assert row.impact == {
        "confidentiality": "medium",
        "records": 8204,
        "data_kinds": ["Medical"],
    }


def test_the_same_file_again_is_duplicates_and_others_are_counted_as_what_they_are(
    made, in_acme_now, tmp_path
):
    near = {**RECORD, "incident_id": "2", "security_incident": "Near miss"}
    body = [RECORD, near, {"summary": "nobody"}, 7, {**RECORD, "incident_id": "3", "timeline": 5}]
    run(tmp_path, RECORD)

    told, faults = run(tmp_path, body)

    assert told == "read=5 created=1 duplicates=1 rejected=2 skipped=1"
    assert "a.json 3: It has neither incident_id nor plus.master_id." in faults


def test_a_file_that_is_no_json_is_rejected_and_the_command_ends_well(made, tmp_path):
    told, faults = run(tmp_path, "{")

    assert told == "read=1 created=0 duplicates=0 rejected=1 skipped=0"
    assert "a.json" in faults


def test_a_table_of_a_portal_is_read_by_a_mapping(made, in_acme_now, tmp_path):
    body = 'Who,When,How many,Type\nClinic,2023,"1,204",Theft\nShop,2024-02,some,Loss\n'
    mapped = ("--map", "entity=Who", "--map", "date=When", "--map", "individuals=How many")

    told, faults = run(tmp_path, body, *mapped, name="a.csv", format="csv")

    assert told == "read=2 created=1 duplicates=0 rejected=1 skipped=0"
    assert "'some' is no number" in faults
    row = in_acme_now(Incident.objects.get)
    assert (row.title, row.impact, row.partial_times) == (
        "Clinic: Theft",
        {"people": 1204},
        {"incident": "2023"},
    )


@pytest.mark.parametrize(
    ("more", "format"), [((), "xml"), (("--map", "colour=Red"), "csv"), (("--map", "x"), "csv")]
)
def test_a_wrong_call_says_what_is_known(made, tmp_path, more, format):
    with pytest.raises(CommandError, match=r"veris|entity"):
        run(tmp_path, "a", *more, format=format)
