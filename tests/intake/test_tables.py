from io import BytesIO

import pytest

from soc.intake import formats
from soc.intake.drafts import AlertDraft, Fault
from soc.intake.envelope import stream
from soc.intake.window import EnvelopeError

CSV = formats.get("csv")
TABLE = (
    b"title,severity,occurred_at,host,user,indicators,tags,mitre_techniques,Notes\r\n"
    b'"Odd, logon",High,2026-03-04T05:06:07Z,WEB-01,alice,"203.0.113.5;ip:198.51.100.8",'
    b'"a;b",T1078,=HYPERLINK("x")\r\n'
    b'"Two\nlines",purple,,,,,,,\r\n'
)


def drafts(table, names=None):
    found = formats.records_of(CSV, BytesIO(table), names=names)
    return [formats.outcome(CSV, record) for record in found]


def test_a_row_under_names_of_ours_is_mapped():
    first, second = drafts(TABLE)

    assert (first.title, first.severity, first.source_name) == ("Odd, logon", "high", "csv")
    assert (first.host_name, first.user_name) == ("WEB-01", "alice")
    assert (first.tags, first.mitre_techniques) == (["a", "b"], ["T1078"])
    seen = {(each.type, each.value) for each in first.indicators}
    assert {("ip", "203.0.113.5"), ("ip", "198.51.100.8"), ("hostname", "web-01")} <= seen
    assert (second.title, second.severity) == ("Two lines", "pending")


def test_a_cell_that_looks_like_a_formula_stays_data():
    [record, _] = formats.records_of(CSV, BytesIO(TABLE))

    assert record.value["Notes"] == '=HYPERLINK("x")'


def test_columns_are_mapped_to_names_of_ours():
    table = b"Alarm;Prio;Machine\nDoor open;critical;gate-7\n"

    [draft] = drafts(table, {"title": "Alarm", "severity": "Prio", "host": "Machine"})

    assert (draft.title, draft.severity, draft.host_name) == ("Door open", "critical", "gate-7")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"a,b,c\n", "the row has 3 cells, the header 2"),
        (b"\xff\xfe,x\n", "not UTF-8 at byte 0 of the row"),
        (b'"' + b"x" * 200_000 + b'",y\n', "not a row: field larger than field limit"),
    ],
)
def test_a_row_at_fault_is_kept_and_the_rest_goes_in(row, reason):
    first, bad, last = drafts(b"title,host\none,a\n" + row + b"two,b\n")

    assert isinstance(bad, Fault)
    assert bad.reason.startswith(reason)
    assert [first.title, last.title] == ["one", "two"]


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (b",,\nx,y,z\n", "must name the columns"),
        (b"title,title\nx,y\n", "names 'title' twice"),
        (b"\xff\xfet\x00\n", "no header in UTF-8"),
        (b",".join(b"c%d" % n for n in range(1_001)) + b"\n", "more than 1,000 columns"),
    ],
)
def test_a_table_without_a_header_is_refused(table, reason):
    with pytest.raises(EnvelopeError, match=reason):
        drafts(table)


def test_a_quote_that_is_not_closed_costs_a_row_and_not_the_rest():
    found = drafts(b'title\n"' + b"x\n" * 66_000 + b"one\ntwo\n")

    assert isinstance(found[0], Fault)
    assert [draft.title for draft in found[-2:]] == ["one", "two"]


def test_reading_goes_on_where_it_stopped():
    rows = list(formats.records_of(CSV, BytesIO(TABLE)))

    again = list(formats.records_of(CSV, BytesIO(TABLE), rows[0].end_offset, rows[0].position))

    assert again == rows[1:]


def test_a_row_is_kept_as_json_that_can_be_sent_again():
    [first, _] = formats.records_of(CSV, BytesIO(TABLE))

    [again] = stream(BytesIO(first.raw))

    assert isinstance(formats.outcome(CSV, again), AlertDraft)
    assert again.value == first.value
