"""Whom and what the demo's tools talk about: hosts, users and addresses that belong to nobody."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Estate:
    """What one tenant has. `users` are (account, e-mail), `hosts` are (name, address)."""

    domain: str
    users: tuple[tuple[str, str], ...]
    hosts: tuple[tuple[str, str], ...]
    servers: tuple[tuple[str, str], ...]


def _estate(domain: str, net: str, places: tuple[str, ...], people: tuple[str, ...]) -> Estate:
    users = tuple((name, f"{name}@{domain}") for name in people)
    hosts = tuple((f"WS-{place}-{n:03}", f"{net}.3.{n}") for n, place in enumerate(places, 11))
    servers = (
        (f"srv-web-01.{domain}", f"{net}.8.10"),
        (f"srv-erp-01.{domain}", f"{net}.8.21"),
        (f"srv-dc-01.{domain}", f"{net}.8.5"),
        (f"srv-mail-01.{domain}", f"{net}.8.15"),
    )
    return Estate(domain, users, hosts, servers)


ACME = _estate(
    "acme.example",
    "10.40",
    ("FIN", "FIN", "SALES", "OPS", "OPS", "HR", "DEV", "DEV", "YARD", "YARD"),
    ("n.lind", "o.brandt", "s.keller", "m.duarte", "j.novak", "f.amadi", "l.chen", "r.svoboda"),
)
GLOBEX = _estate(
    "globex.example",
    "10.72",
    ("GRID", "GRID", "LAB", "LEGAL", "PLANT", "PLANT"),
    ("a.petrov", "c.oduya", "h.lange", "i.santos", "k.virtanen"),
)
ESTATES = {"acme": ACME, "globex": GLOBEX}

# Addresses for documentation (RFC 5737) and names nobody can register (RFC 2606).
STRANGERS = (
    *(f"192.0.2.{n}" for n in (14, 31, 77, 90, 143, 201)),
    *(f"198.51.100.{n}" for n in (9, 44, 61, 118, 187, 230)),
    *(f"203.0.113.{n}" for n in (5, 28, 52, 99, 160, 241)),
)
SITES = (
    "cdn.example.net",
    "files.example.com",
    "update-check.example.org",
    "tracker.ads.example",
    "paste.example.net",
    "free-forms.example.com",
)
