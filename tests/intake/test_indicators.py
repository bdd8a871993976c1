import time
from ipaddress import IPv4Address, IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soc.intake.drafts import Sighting
from soc.intake.indicators import MAX_SIGHTINGS, extract, refang
from soc.intake.normalise import INSIDE, TYPES, is_inside, normalise

MD5, SHA1, SHA256 = "0a1b" * 8, "0a1b" * 10, "0a1b" * 16

SPELLINGS = [
    ("ip", " 192.0.2.1 ", "192.0.2.1"),
    ("ip", "192.0.2.1:443", "192.0.2.1"),
    ("ip", "[2001:DB8::1]:443", "2001:db8::1"),
    ("ip", "2001:0db8:0:0::1", "2001:db8::1"),
    ("ip", "::ffff:192.0.2.1", "192.0.2.1"),
    ("ip", "fe80::1%eth0", "fe80::1"),
    ("ip", "192.0.2.1/32", "192.0.2.1"),
    ("ip", "192.0.2.0/24", None),
    ("ip", "0.0.0.0", None),  # noqa: S104
    ("ip", "::", None),
    ("ip", "255.255.255.255", None),
    ("ip", "1.2.3", None),
    ("ip", "192.0.2.01", None),
    ("domain", "Evil.Example.COM.", "evil.example.com"),
    ("domain", "*.example.com", "example.com"),
    ("domain", "münchen.example", "xn--mnchen-3ya.example"),
    ("domain", "_dmarc.example.com", "_dmarc.example.com"),
    ("domain", "localhost", None),
    ("domain", "192.0.2.1", None),
    ("domain", "a..com", None),
    ("domain", "-a.com", None),
    ("domain", f"{'a' * 64}.com", None),
    ("url", "HTTP://Example.COM:80/A?b=C#d", "http://example.com/A?b=C"),
    ("url", "http://example.com", "http://example.com/"),
    ("url", "https://bank.example@evil.example:8443/x", "https://evil.example:8443/x"),
    ("url", "http://[2001:DB8::1]/", "http://[2001:db8::1]/"),
    ("url", "http://example.com/ü", "http://example.com/%C3%BC"),
    ("url", "javascript:alert(1)", None),
    ("url", "http://", None),
    ("url", "http://example.com:99999/", None),
    ("url", "/path/only", None),
    ("email", "Alice <Alice@Example.COM>", "alice@example.com"),
    ("email", "mailto:a@example.com", "a@example.com"),
    ("email", "root@localhost", "root@localhost"),
    ("email", "nobody", None),
    ("hash_md5", MD5.upper(), MD5),
    ("hash_md5", SHA1, None),
    ("hash_md5", "0" * 32, None),
    ("hash_sha1", ":".join(["0A", "1B"] * 10), SHA1),
    ("hash_sha256", f"SHA256={SHA256}", SHA256),
    ("account", " CORP\\Alice ", "corp\\alice"),
    ("account", "N/A", None),
    ("hostname", "WEB-01.", "web-01"),
    ("hostname", "192.0.2.1", None),
    ("hostname", "two words", None),
    ("file_name", "C:\\Users\\alice\\Invoice.PDF.exe", "invoice.pdf.exe"),
    ("file_name", "/srv/x/", "x"),
    ("registry_key", "HKEY_LOCAL_MACHINE\\Software\\Run", "HKLM\\software\\run"),
    ("registry_key", "\\REGISTRY\\MACHINE\\Software\\Run", "HKLM\\software\\run"),
    ("registry_key", "HKCU:\\Software", "HKCU\\software"),
    ("registry_key", "C:\\Software", None),
    ("cve", "cve_2021_44228", "CVE-2021-44228"),
    ("cve", "CVE-21-1", None),
    ("asn", "15169", "AS15169"),
    ("asn", "as 15169", "AS15169"),
    ("asn", "4294967296", None),
    ("user_agent", " curl/8.0\n ", "curl/8.0"),
    ("mac", "AA-BB-CC-00-11-22", "aa:bb:cc:00:11:22"),
    ("mac", "aabb.cc00.1122", "aa:bb:cc:00:11:22"),
    ("mac", "ff:ff:ff:ff:ff:ff", None),
    ("shoe_size", "44", None),
]


@pytest.mark.parametrize(("kind", "value", "known"), SPELLINGS)
def test_one_spelling_for_each_indicator(kind, value, known):
    assert normalise(kind, value) == known


def test_the_table_of_spellings_names_every_type():
    assert {kind for kind, _, known in SPELLINGS if known} == TYPES


@given(st.sampled_from(sorted(TYPES)), st.text() | st.from_regex(r"[\w.:/@\\%=\[\] -]{0,60}"))
def test_normalising_twice_changes_nothing(kind, value):
    once = normalise(kind, value)

    assert once is None or (normalise(kind, once) == once and 0 < len(once.encode()) <= 2_000)


@given(st.from_regex(r"(https?|ftp)://[^\s/]{1,20}(/.{0,30})?", fullmatch=True))
def test_normalising_a_url_twice_changes_nothing(value):
    once = normalise("url", value)

    assert once is None or (normalise("url", once) == once and once.isascii())


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("10.1.2.3", True),
        ("100.64.0.1", True),
        ("fd00::1", True),
        ("127.0.0.1", True),
        ("203.0.113.1", False),
        ("172.32.0.1", False),
        ("2001:db8::1", False),
        ("x", False),
    ],
)
def test_the_inside_is_the_private_networks_only(address, inside):
    assert is_inside(address) is inside


EDGES = [edge for net in INSIDE if net.version == 4 for edge in (net[0], net[-1])]


@given(st.ip_addresses(v=4) | st.sampled_from(EDGES), st.sampled_from([-1, 0, 1]))
def test_the_inside_is_what_the_library_says_to_its_edges(address, step):
    near = IPv4Address(max(0, min(int(address) + step, 2**32 - 1)))
    nets = [net for net in INSIDE if isinstance(net, IPv4Network)]

    assert is_inside(str(near)) is any(near in net for net in nets)


@given(
    st.lists(st.integers(0, 300).map(str) | st.from_regex(r"[0-9]{1,4}"), min_size=3, max_size=5)
)
def test_an_address_is_what_the_library_takes_for_one(parts):
    text = ".".join(parts)
    try:
        known = None if text in {"0.0.0.0", "255.255.255.255"} else str(IPv4Address(text))  # noqa: S104
    except ValueError:
        known = None

    assert normalise("ip", text) == known


FOUND = {
    "from 203.0.113.7:443 to 198.51.100.2.": {("ip", "203.0.113.7"), ("ip", "198.51.100.2")},
    "peer 2001:db8::7, ok": {("ip", "2001:db8::7")},
    "203[.]0[.]113[.]7": {("ip", "203.0.113.7")},
    "2001[:]db8[:][:]7": {("ip", "2001:db8::7")},
    "blocked evil.example.com.": {("domain", "evil.example.com")},
    "evil[.]com and bad(.)org and worse[dot]net": {
        *(("domain", "evil.com"), ("domain", "bad.org"), ("domain", "worse.net"))
    },
    "hxxps[:]//evil[.]com/a": {("url", "https://evil.com/a"), ("domain", "evil.com")},
    "hxxp://evil[.]com/a.": {("url", "http://evil.com/a"), ("domain", "evil.com")},
    "(see https://evil.com/a?b=1)": {("url", "https://evil.com/a?b=1"), ("domain", "evil.com")},
    "${jndi:ldap://203.0.113.7:1389/a}": {
        *(("url", "ldap://203.0.113.7:1389/a"), ("ip", "203.0.113.7"))
    },
    "http://[2001:db8::7]:8080/x": {("url", "http://[2001:db8::7]:8080/x"), ("ip", "2001:db8::7")},
    "mail of bob@example.com": {("email", "bob@example.com")},
    "bob[at]example[.]com": {("email", "bob@example.com")},
    f"MD5={MD5},SHA256={SHA256.upper()}": {("hash_md5", MD5), ("hash_sha256", SHA256)},
    SHA1: {("hash_sha1", SHA1)},
    "exploits CVE-2021-44228.": {("cve", "CVE-2021-44228")},
    "HKLM\\Software\\Microsoft\\Windows NT\\Run": {
        ("registry_key", "HKLM\\software\\microsoft\\windows nt\\run")
    },
    "logon to dc01.corp.local": {("hostname", "dc01.corp.local")},
    "xn--mnchen-3ya.de": {("domain", "xn--mnchen-3ya.de")},
    "evil[.com and 203.0.113[.7": {("domain", "evil.com"), ("ip", "203.0.113.7")},
    "evil{.}com": {("domain", "evil.com")},
    "htxps://evil[.]com[/]a and hxtp[:]//b[.]com": {
        *(("url", "https://evil.com/a"), ("domain", "evil.com")),
        *(("url", "http://b.com/"), ("domain", "b.com")),
    },
    "hxxps[://]evil[DOT]com": {("url", "https://evil.com/"), ("domain", "evil.com")},
    "bob(@)example(.)com": {("email", "bob@example.com")},
    "from 00:1A:2b:3c:4d:5e, then 00-1a-2b-3c-4d-5f.": {
        *(("mac", "00:1a:2b:3c:4d:5e"), ("mac", "00:1a:2b:3c:4d:5f"))
    },
    "announced by AS64500 (ASN: 7)": {("asn", "AS64500")},
    "ASN 64501 and ASN64502": {("asn", "AS64501"), ("asn", "AS64502")},
    "münchen.de": {("domain", "xn--mnchen-3ya.de")},
}


@pytest.mark.parametrize(("text", "found"), FOUND.items(), ids=FOUND)
def test_a_text_gives_its_indicators(text, found):
    assert {(seen.type, seen.value) for seen in extract({"a": [{"b": text}]}, ())} == found


NOTHING = [
    *("setup.py", "python setup.py install", "run.sh", "README.md", "index.php", "a.b.exe"),
    *("Chrome/120.0.0.0 Safari", "version 10.0.2.1", "v1.2.3.4", "1.2.3.4-5ubuntu", "1.2.3.4.5"),
    *("OID 1.3.6.1.4.1", "0.0.0.0", "255.255.255.255", "127.0.0.1", "::", "999.1.1.1"),  # noqa: S104
    *(
        "it failed.The next",
        "user.name and rule.id",
        "com.example.app",
        "a_b.com",
        "e.g. this",
        "3.14",
        "...",
    ),
    *("12:30:01", "2024-05-01T12:30:01.123456+0000", "std::vector", "Bad::Face", "aa:bb:cc:dd:ee"),
    *("on an AS400", "AS2 transfer", "as64500", "00:11:22:33:44:55-66", "f-0a-1b-2c-3d-4e-5f"),
    *("ff:ff:ff:ff:ff:ff", "2024-05-01-12-30-01-99"),
    *("00:11:22:33:44:55:66:77", "C:\\tools\\foo.py", "/var/www/site.com", "os.name()"),
    *("0" * 32, "1" * 40, "a" * 64, "f" * 31, "0a1b" * 32, "x" * 70_000, "", "getty@tty1"),
]


@pytest.mark.parametrize("text", NOTHING)
def test_what_only_looks_like_an_indicator_is_left(text):
    assert extract({"a": text}, ()) == ()


def test_ids_are_no_hashes_and_user_agents_and_versions_no_addresses():
    record = {"trace_id": MD5, "user_agent": "x/1 evil.com", "os_version": "10.0.0.1", "n": 5}

    assert extract(record, ()) == ()


def test_mapped_sightings_come_first_once_and_keep_their_role():
    mapped = [
        Sighting("ip", "203.0.113.7", "source"),
        Sighting("domain", "not a domain", "domain"),
        Sighting("ip", "203.0.113.7", "destination"),
    ]

    seen = extract({"text": "203.0.113.7 and 203.0.113.8"}, mapped)

    assert [(each.value, each.role) for each in seen] == [
        *(("203.0.113.7", "source"), ("203.0.113.8", "other"))
    ]


def test_a_record_gives_at_most_two_hundred():
    record = {"all": [f"203.0.{n // 250}.{n % 250 + 1}" for n in range(1_000)]}

    assert len(extract(record, ())) == MAX_SIGHTINGS


HOSTILE = [
    *("a" * 65_000, "a." * 32_000, "1." * 32_000, "::" * 32_000, "@" * 65_000, "a@" * 32_000),
    *("[.]" * 21_000, " " * 65_000, "http://" * 9_000, "-." * 32_000, "a-" * 32_000),
    *("f" * 65_000, "CVE-2021-" * 7_000, "\\" * 65_000, "[" * 65_000, "(at" * 21_000),
    *("00:" * 21_000, "AS1" * 21_000, "hxxp" * 16_000, "[/]" * 21_000, "[.a" * 21_000),
    *("1.1.1.1." * 8_000, "x/1.1.1.1 " * 6_500, "%@" * 32_000, ":a" * 32_000, "ü." * 32_000),
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:9]))
def test_hostile_texts_take_linear_time(text):
    start = time.process_time()
    extract({"a": text}, ())

    assert time.process_time() - start < 0.5


@given(st.dictionaries(st.text(), st.text() | st.lists(st.text()), max_size=4))
def test_no_record_crashes_and_all_values_are_normal(record):
    for seen in extract(record, ()):
        assert normalise(seen.type, seen.value) == seen.value


def test_refang_leaves_plain_texts():
    assert refang("f(x) [a] {b} at dot") == "f(x) [a] {b} at dot"


def test_a_record_is_searched_for_a_megabyte_and_no_further():
    record = {"pages": ["x " * 32_000] * 20, "last": "203.0.113.7"}

    assert extract(record, ()) == ()
