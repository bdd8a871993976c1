"""Sigma rules: what is read, and what is refused."""

import pytest

from soc.rule_formats import sigma
from soc.rule_formats._yaml import MAX_BYTES, MAX_DEPTH
from soc.rule_formats.drafts import RuleDraft, RuleFault

WHOLE = b"""
title: Encoded command of a  script host
id: 1f0c0a52-0000-4000-8000-000000000001
status: test
description: |
    A script host was started with an encoded command.
author: A. Detector
level: High
tags:
    - attack.execution
    - attack.defense-evasion
    - attack.t1059
    - attack.t1059.001
    - attack.g0016
    - cve.2026-0001
logsource:
    product: windows
    category: process_creation
detection:
    selection:
        CommandLine|contains: ' -enc '
    condition: selection
falsepositives:
    - Software deployment
references:
    - https://example.org/encoded
"""
SHORT = "title: T\nid: a-1\ndetection: {condition: x}\n"


def one(text):
    [found] = sigma.parse(text.encode() if isinstance(text, str) else text)
    return found


def test_a_whole_rule_is_read():
    rule = one(WHOLE)

    assert (rule.name, rule.source_rule_id) == (
        "Encoded command of a script host",
        "1f0c0a52-0000-4000-8000-000000000001",
    )
    assert (rule.severity, rule.is_active, rule.author) == ("high", True, "A. Detector")
    assert rule.mitre_tactics == ["TA0002", "TA0005"]
    assert (rule.mitre_techniques, rule.mitre_subtechniques) == (["T1059"], ["T1059.001"])
    assert rule.tags == ["attack.g0016", "cve.2026-0001"]
    assert rule.data_sources == ["product: windows", "category: process_creation"]
    assert rule.documentation == (
        "A script host was started with an encoded command.\n\n"
        "False positives:\n- Software deployment\n\n"
        "References:\n- https://example.org/encoded"
    )
    assert rule.definition.startswith("detection:\n  selection:\n    CommandLine|contains: ")


def test_what_is_not_needed_may_be_missing():
    assert one(SHORT) == RuleDraft(
        name="T", source_rule_id="a-1", definition="detection:\n  condition: x"
    )


@pytest.mark.parametrize(("status", "active"), [("stable", True), ("Deprecated", False)])
def test_a_rule_that_its_author_gave_up_is_off(status, active):
    assert one(f"{SHORT}status: {status}\n").is_active is active


def test_a_correlation_is_a_rule_too():
    assert one("title: T\nid: a-1\ncorrelation: {type: event_count}\n").definition == (
        "correlation:\n  type: event_count"
    )


def test_a_file_of_several_documents_gives_each_its_place():
    text = f"---\naction: global\nauthor: Both\n---\n{SHORT}---\n- no rule\n---\ntitle: No id\n"

    first, second, third = sigma.parse(text.encode())

    assert first.author == "Both"
    assert (second, third) == (
        RuleFault("not a rule: a document is no mapping"),
        RuleFault("no id"),
    )


def test_an_empty_file_holds_no_rule():
    assert sigma.parse(b"") == sigma.parse(b"# nothing\n---\n") == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("id: a\ndetection: {a: b}\n", "no title"),
        ("title: [a]\nid: a\n", "no title"),
        (f"title: {'x' * 300}\nid: a\n", "the title is longer than 255 characters"),
        ("title: T\nid: a\n", "no detection"),
        (f"{SHORT}level: dire\n", "the level 'dire' is none of"),
        (f"{SHORT}status: lost\n", "the status 'lost' is none of"),
    ],
)
def test_a_document_that_is_no_rule_says_why(text, reason):
    assert one(text).reason.startswith(reason)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"a: &x [1]\nb: *x\n", "line 2: aliases are not read"),
        (b"a: " + b"[" * 50_000, f"line 1: deeper than {MAX_DEPTH} levels"),
        (b"a: " + b"{a: " * 50_000, f"line 1: deeper than {MAX_DEPTH} levels"),
        (b"x" * (MAX_BYTES + 1), "larger than 1024 KB"),
        (b"a: [1\n", "line 2:"),
        (b"? [a]\n: b\n", "line 1: found unhashable key"),
        (b"a: !!python/object/apply:os.system ['true']\nb: [", "line 2:"),
        (b"\xff\xfe\xff", "no UTF-8 at byte 0"),
        (b"a: \x07\n", "unacceptable character"),
        (b'a: "\\0"\n', "line 1: NUL or half a surrogate pair"),
        (b'a: "\\ud800"\n', "line 1: NUL or half a surrogate pair"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(content, reason):
    with pytest.raises(sigma.YamlError) as refused:
        sigma.parse(content)

    assert str(refused.value).startswith(reason)


def test_a_tag_of_the_language_makes_no_object():
    text = f"{SHORT}author: !!python/object/apply:os.getcwd []\n"

    assert one(text).author == ""


def test_lists_that_are_none_are_left_out():
    rule = one(f"{SHORT}tags: attack.t1059\nlogsource: [a]\nreferences: {{a: b}}\n")

    assert (rule.mitre_techniques, rule.data_sources, rule.documentation) == (["T1059"], [], "")
