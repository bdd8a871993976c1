"""One spelling for each indicator, so that the same thing is found again."""

import re
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from socket import inet_aton
from urllib.parse import quote, urlsplit

from soc.intake.domains import ascii_name, is_domain

MAX_VALUE_BYTES = 2_000  # a B-tree entry of PostgreSQL ends at about 2,700
CACHED_VALUE = 256
MAX_USER_AGENT = 512
MAX_ASN = 2**32 - 1  # RFC 6793
# RFC 1918, 6598, 3927, 1122, 4193, 4291. Not `is_private`, which counts the documentation
# ranges as well and leaves shared address space out.
INSIDE = tuple(
    ip_network(text)
    for text in (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"),
        *("127.0.0.0/8", "fc00::/7", "fe80::/10", "::1/128"),
    )
)
_INSIDE_V4 = tuple(
    (int(net.netmask), int(net.network_address)) for net in INSIDE if net.version == 4
)
EMPTY = frozenset(
    ("", "-", "--", "n/a", "na", "none", "null", "nil", "unknown", "(none)", "(null)", "undefined")
)
SCHEMES = frozenset(
    ("http", "https", "ftp", "ftps", "sftp", "ws", "wss", "ldap", "ldaps", "rmi", "smb", "ssh")
)
PORTS = {"http": 80, "https": 443, "ftp": 21, "ws": 80, "wss": 443, "ldap": 389, "ssh": 22}
HIVES = {
    "hkey_local_machine": "HKLM",
    "hklm": "HKLM",
    "hkey_current_user": "HKCU",
    "hkcu": "HKCU",
    "hkey_classes_root": "HKCR",
    "hkcr": "HKCR",
    "hkey_users": "HKU",
    "hku": "HKU",
    "hkey_current_config": "HKCC",
    "hkcc": "HKCC",
}

_CVE = re.compile(r"CVE[-_]([0-9]{4})[-_]([0-9]{4,19})")  # MITRE's syntax of 2014; rules write _
_ASN = re.compile(r"(?:ASN?\s*)?([0-9]{1,10})")
_ADDRESS = re.compile(r"<([^<>]*)>")
_LOCAL_PART = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}")  # RFC 5322, without quoted forms
_PORT = re.compile(r"(?:\[([^\]]+)\]|([0-9.]+)):[0-9]{1,5}")
# An IPv4 address in its one spelling, which most are in: the library takes ten times as long.
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_PLAIN_V4 = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}")
_NO_HOST = frozenset(("0.0.0.0", "255.255.255.255"))  # noqa: S104 - told apart, not bound to


def normalise(kind: str, value: str) -> str | None:
    """Give the one spelling of an indicator, or None where `value` is none of this type.

    A second pass changes nothing. Values are at most 2,000 bytes of UTF-8.
    """
    # A long value would be kept for the life of every process.
    return _remembered(kind, value) if len(value) <= CACHED_VALUE else _normalised(kind, value)


def _normalised(kind: str, value: str) -> str | None:
    read = _TYPES.get(kind)
    if read is None or len(value) > MAX_VALUE_BYTES * 4:
        return None
    text = value.strip()
    if text.lower() in EMPTY:
        return None
    found = read(text)
    # Lower-casing and IDNA can open spaces at an end or lengthen the text.
    if not found or found != found.strip() or len(found.encode()) > MAX_VALUE_BYTES:
        return None
    return found


_remembered = lru_cache(maxsize=16_384)(_normalised)


@lru_cache(maxsize=16_384)
def is_inside(value: str) -> bool:
    """Whether an address belongs to a private network, the link or the machine itself."""
    if is_plain_v4(value):
        number = int.from_bytes(inet_aton(value), "big")
        return any(number & mask == start for mask, start in _INSIDE_V4)
    address = _address(value)
    return address is not None and any(address in net for net in INSIDE)


def is_plain_v4(text: str) -> bool:
    """Whether this is an IPv4 address, written as it is kept."""
    return _PLAIN_V4.fullmatch(text) is not None


def _address(text: str) -> IPv4Address | IPv6Address | None:
    if ":" not in text and not text.lstrip("[")[:1].isdigit():
        return None
    if found := _PORT.fullmatch(text):
        text = found[1] or found[2]
    text = text.strip("[]").removesuffix("/32").removesuffix("/128").partition("%")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _ip(text: str) -> str | None:
    if not is_plain_v4(text):
        address = _address(text)
        if address is None or address.is_unspecified:
            return None
        text = str(address)
    return None if text in _NO_HOST else text


def _domain(text: str) -> str | None:
    name = ascii_name(text)
    return name if name and is_domain(name) else None


def _hostname(text: str) -> str | None:
    return None if _address(text) else ascii_name(text)


def _url(text: str) -> str | None:
    """Scheme and host in lower case, no default port, no user (who may be a bait), no fragment."""
    try:
        parts = urlsplit(text)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme not in SCHEMES:
        return None
    name = _ip(host) or ascii_name(host)
    if not name:
        return None
    netloc = f"[{name}]" if ":" in name else name
    if port is not None and port != PORTS.get(parts.scheme):
        netloc += f":{port}"
    tail = parts.path + ("?" + parts.query if parts.query else "")
    return f"{parts.scheme}://{netloc}{quote(tail or '/', safe=_URL_SAFE)}"


_URL_SAFE = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"<>\\^`{|}#')


def _email(text: str) -> str | None:
    if found := _ADDRESS.search(text):
        text = found[1].strip()
    local, at, host = text.lower().removeprefix("mailto:").rpartition("@")
    name = ascii_name(host)
    if not at or not name or not _LOCAL_PART.fullmatch(local):
        return None
    return f"{local}@{name}"


def _hash(length: int) -> Callable[[str], str | None]:
    pattern = re.compile(rf"[0-9a-f]{{{length}}}")

    def read(text: str) -> str | None:
        digits = text.lower().rpartition("=")[2].replace(":", "")
        # One digit all along is how tools write "no hash".
        return digits if pattern.fullmatch(digits) and len(set(digits)) > 1 else None

    return read


def _account(text: str) -> str | None:
    return " ".join(text.lower().split())


def _file_name(text: str) -> str | None:
    """The last part of a path, in lower case: file systems that mind the case are the fewer."""
    return text.replace("\\", "/").rstrip("/").rpartition("/")[2].strip().lower()


def _registry_key(text: str) -> str | None:
    path = text.replace("/", "\\").strip("\\")
    lowered = path.lower()
    for native, hive in (("registry\\machine", "hklm"), ("registry\\user", "hku")):
        if lowered.startswith(native):
            lowered = hive + lowered[len(native) :]
    root, _, rest = lowered.partition("\\")
    name = HIVES.get(root.removesuffix(":"))
    return f"{name}\\{rest}" if name and rest else None


def _cve(text: str) -> str | None:
    found = _CVE.fullmatch(text.upper())
    return f"CVE-{found[1]}-{found[2]}" if found and found[0].isascii() else None


def _asn(text: str) -> str | None:
    found = _ASN.fullmatch(text.upper())
    number = int(found[1]) if found else 0
    return f"AS{number}" if 0 < number <= MAX_ASN else None


def _user_agent(text: str) -> str | None:
    return " ".join(text.split())[:MAX_USER_AGENT].strip()


def _mac(text: str) -> str | None:
    digits = re.sub(r"[:.\-]", "", text.lower())
    if not re.fullmatch(r"[0-9a-f]{12}", digits) or digits in {"0" * 12, "f" * 12}:
        return None
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))


_TYPES: dict[str, Callable[[str], str | None]] = {
    "ip": _ip,
    "domain": _domain,
    "url": _url,
    "email": _email,
    "hash_md5": _hash(32),
    "hash_sha1": _hash(40),
    "hash_sha256": _hash(64),
    "account": _account,
    "hostname": _hostname,
    "file_name": _file_name,
    "registry_key": _registry_key,
    "cve": _cve,
    "asn": _asn,
    "user_agent": _user_agent,
    "mac": _mac,
}
TYPES = frozenset(_TYPES)
