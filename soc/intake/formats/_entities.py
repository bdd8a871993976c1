"""Whom and what a record is about: host, user and other assets of a draft."""

from soc.intake.drafts import Asset, Sighting
from soc.intake.finish import MAX_ITEMS, Mapped

MAX_LABEL = 255
HASHES = {
    "md5": "hash_md5",
    "sha1": "hash_sha1",
    "sha256": "hash_sha256",
    "sha-1": "hash_sha1",
    "sha-256": "hash_sha256",
}


def set_host(mapped: Mapped, name: str, ip: str = "", id: str = "") -> None:  # noqa: A002
    """The host, once: its name (else its address) is what alerts are filtered by."""
    if mapped.host_name or not (name or ip):
        return
    found = {"name": name, "ip": ip, "id": id}
    mapped.host = {key: value[:MAX_LABEL] for key, value in found.items() if value}
    mapped.host_name = name or ip
    add_asset(mapped, "host", name or ip)
    mapped.sightings.append(Sighting("hostname", name, "other"))
    mapped.sightings.append(Sighting("ip", ip, "actor"))


def set_user(mapped: Mapped, name: str, email: str = "", domain: str = "") -> None:
    """The user, once: the name (else the address) is what alerts are filtered by."""
    if mapped.user_name or not (name or email):
        return
    found = {"name": name, "email": email, "domain": domain}
    mapped.user = {key: value[:MAX_LABEL] for key, value in found.items() if value}
    mapped.user_name = name or email
    add_asset(mapped, "user", name or email)
    mapped.sightings.append(Sighting("account", name, "actor"))
    mapped.sightings.append(Sighting("email", email or name, "actor"))


def add_asset(mapped: Mapped, kind: str, label: str) -> None:
    """Something that is affected, once."""
    asset = Asset(type=kind, id=None, label=label[:MAX_LABEL])
    if label and len(mapped.assets) < MAX_ITEMS and asset not in mapped.assets:
        mapped.assets.append(asset)


def add(mapped: Mapped, role: str, **given: str) -> None:
    """Sightings by type: `add(mapped, "source", ip=…)`; '' adds nothing."""
    mapped.sightings += [Sighting(kind, value, role) for kind, value in given.items() if value]


def add_hash(mapped: Mapped, algorithm: str, value: str) -> None:
    """A file's hash by the name of its algorithm; unknown ones are left to the texts."""
    kind = HASHES.get(algorithm.strip().lower().replace("_", ""))
    if kind and value:
        mapped.sightings.append(Sighting(kind, value, "file"))


def add_file(mapped: Mapped, path: str, **hashes: str) -> None:
    """A file with its hashes by algorithm."""
    add(mapped, "file", file_name=path)
    for algorithm, value in hashes.items():
        add_hash(mapped, algorithm, value)
