"""Settings from the environment, and what the log says."""

import json
import logging
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from core import audit, ids, tenancy
from socplatform import environment
from socplatform.logs import JSONFormatter, logging_settings


@pytest.fixture
def given(monkeypatch):
    return lambda value: monkeypatch.setenv("SOME_NAME", value)


@pytest.mark.parametrize(
    ("value", "read"),
    [("1", True), (" Yes ", True), ("on", True), ("0", False), ("FALSE", False), ("off", False)],
)
def test_a_flag_is_read_from_many_words(given, value, read):
    given(value)

    assert environment.flag("SOME_NAME", default=not read) is read


def test_an_empty_variable_is_the_default(given):
    given(" ")

    assert environment.flag("SOME_NAME", default=True) is True
    assert environment.words("SOME_NAME", "a, b") == []
    assert environment.words("NOT_SET", "a, b,") == ["a", "b"]


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("", {"*": 24}),
        ("12", {"*": 12}),
        ("falco=2", {"*": 24, "falco": 2}),
        ("6, Some Tool = 48", {"*": 6, "some tool": 48}),
    ],
)
def test_numbers_are_read_by_name(given, value, read):
    given(value)

    assert environment.numbers("SOME_NAME", 24) == read


@pytest.mark.parametrize("value", ["falco", "falco=", "falco=-2", "falco=1.5"])
def test_a_wrong_number_by_name_is_refused_by_the_variables_name(given, value):
    given(value)

    with pytest.raises(ImproperlyConfigured, match="SOME_NAME has 'falco"):
        environment.numbers("SOME_NAME", 24)


@pytest.mark.parametrize("url", ["", "mysql://x/y", "/var/lib/data", "sqlite:///x"])
def test_a_wrong_database_url_is_refused_by_the_variables_name(given, url):
    given(url)

    with pytest.raises(ImproperlyConfigured, match="SOME_NAME must be a postgresql:// URL"):
        environment.database("SOME_NAME")


def test_a_wrong_flag_is_refused_by_the_variables_name(given):
    given("maybe")

    with pytest.raises(ImproperlyConfigured, match="SOME_NAME is 'maybe'"):
        environment.flag("SOME_NAME")


@pytest.mark.parametrize(("value", "read"), [("7", 7), ("", 5)])
def test_a_number_is_read_or_its_default(given, value, read):
    given(value)

    assert environment.number("SOME_NAME", 5) == read


def test_a_wrong_number_is_refused_by_the_variables_name(given):
    given("many")

    with pytest.raises(ImproperlyConfigured, match="SOME_NAME is 'many'; write a whole number"):
        environment.number("SOME_NAME", 5)


def test_a_database_url_may_name_a_socket_and_quoted_characters(given):
    given("postgresql://us%40er:p%2Fw@/soc?host=/run/pg&port=5433&sslmode=require")

    assert environment.database("SOME_NAME") == {
        "NAME": "soc",
        "USER": "us@er",
        "PASSWORD": "p/w",
        "HOST": "/run/pg",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


def line_of(message, *args, exc_info=None):
    record = logging.LogRecord("soc", logging.ERROR, "file", 1, message, args, exc_info)
    return JSONFormatter().format(record)


def test_a_log_record_is_one_line_however_many_its_message_has():
    line = line_of("first\nsecond\r\n%s", '{"level":"forged"}')

    assert len(line.splitlines()) == 1
    assert json.loads(line)["message"] == 'first\nsecond\r\n{"level":"forged"}'
    assert json.loads(line)["level"] == "error"
    assert {"tenant", "correlation", "trace"}.isdisjoint(json.loads(line))


def test_a_log_line_names_tenant_correlation_and_trace():
    name, tenant_id = ids.new(), ids.new()
    token = audit.correlation.set(name)
    try:
        with tenancy.tenant_scope(tenant_id):
            try:
                raise ZeroDivisionError
            except ZeroDivisionError:
                line = json.loads(line_of("broke", exc_info=sys.exc_info()))
    finally:
        audit.correlation.reset(token)

    assert (line["tenant"], line["correlation"]) == (str(tenant_id), str(name))
    assert line["trace"].endswith("ZeroDivisionError")


def test_everything_is_logged_as_json():
    assert logging_settings("INFO")["handlers"]["console"]["formatter"] == "json"
