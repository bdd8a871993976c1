"""Registers on the desk: a CSV is looked at, written whole, and downloaded."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core import tenancy
from grc.models import Asset
from grc.services import assets
from tests.web.test_desk import signed_in

URL = "/admin/grc/asset/read-in/"


@pytest.fixture
def desk(acme):
    return signed_in(acme)


def chosen(desk, text, **more):
    raw = text if isinstance(text, bytes) else text.encode()
    answer = desk.post(URL, {"file": SimpleUploadedFile("a.csv", raw)} | more, follow=True)
    return answer, answer.content.decode()


def names(acme):
    with tenancy.tenant_scope(acme.tenant.pk):
        return set(Asset.objects.values_list("name", flat=True))


def test_a_file_is_looked_at_first_and_then_written(desk, acme):
    looked, page = chosen(desk, "name,tags\nPayroll,a; b\n<b>Shop</b>,\n")

    assert "2 new. Nothing is written yet." in page
    assert "&lt;b&gt;Shop" in page
    assert names(acme) == set()

    text = looked.context["text"].replace("\n", "\r\n")
    taken = desk.post(URL, {"csv": text, "commit": "1"}, follow=True)

    assert taken.redirect_chain[-1][0] == "/admin/grc/asset/"
    assert "Read in: 2 new." in taken.content.decode()
    assert names(acme) == {"Payroll", "<b>Shop</b>"}


def test_lines_at_fault_are_told_by_number_and_nothing_is_written(desk, acme):
    text = "name,criticality\nPayroll,high\nShop,enormous\n"

    _, page = chosen(desk, text, commit="1")

    assert "1 line to mend." in page
    assert "<b>criticality</b>" in page
    assert "Write all of it" not in page
    assert names(acme) == set()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        (" \n", "Choose a file"),
        (b"name\n\xff\n", "not in UTF-8"),
        ("colour\nred\n", "is no column"),
        ("name\n", "no line below it"),
        (b"name\n" + b"x" * 5_000_001, "at most 5,000,000 bytes"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(desk, text, said):
    answer, page = chosen(desk, text)

    assert answer.status_code == 200
    assert said in page or text == ""
    assert "Write all of it" not in page


def test_the_list_leads_to_the_file_and_the_download_reads_in_as_it_is(desk, acme):
    with tenancy.tenant_scope(acme.tenant.pk):
        assets.create({"name": "Payroll", "description": "Two\nlines"}, actor=acme.actor())

    page = desk.get("/admin/grc/asset/").content.decode()
    file = desk.get("/admin/grc/asset/csv/")
    _, looked = chosen(desk, file.content)

    assert URL in page
    assert "/admin/grc/asset/csv/" in page
    assert file["Content-Disposition"] == 'attachment; filename="assets.csv"'
    assert "1 as they are." in looked


@pytest.mark.parametrize("register", ["asset", "account", "risk", "regulator"])
def test_who_may_not_write_reads_the_file_only(acme, register):
    desk = signed_in(acme, "viewer")

    assert desk.get(f"/admin/grc/{register}/csv/").status_code == 200
    assert desk.get(f"/admin/grc/{register}/read-in/").status_code == 404
    assert "Read in a CSV" not in desk.get(f"/admin/grc/{register}/").content.decode()
