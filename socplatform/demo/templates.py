"""The kinds of alerts that make the noise of an ordinary month.

Texts may name {user} {mail} {host} {ip} {stranger} {site} {n}; `fields` go into the record as the
tool would write them.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Template:
    tool: str
    category: str
    severities: tuple[str, ...]
    title: str
    text: str
    technique: str = ""
    fields: dict[str, Any] = field(default_factory=dict)


MAIL, IDENTITY, EDR = "Mail gateway", "Identity provider", "Endpoint sensor"
CLOUD, WALL, AUDIT = "Cloud audit", "Firewall", "Configuration audit"
FROM = {"source": {"ip": "{stranger}"}}
SITE = {"url": {"full": "https://{site}/d/{n}"}}

GENERIC = (
    Template(
        MAIL,
        "network",
        ("low", "medium"),
        "Message with a suspicious link quarantined",
        "A message to {mail} with a link to {site} was held back. Nobody opened it.",
        "T1566.002",
        FROM | SITE,
    ),
    Template(
        MAIL,
        "network",
        ("informational", "low"),
        "Bulk sender exceeded its daily volume",
        "{stranger} sent {n} messages to addresses of ours within an hour.",
        "",
        FROM,
    ),
    Template(
        MAIL,
        "identity",
        ("medium", "high"),
        "Message pretends to come from a manager",
        "The display name is that of a manager, the sender is outside. {mail} reported it.",
        "T1566",
        FROM,
    ),
    Template(
        IDENTITY,
        "identity",
        ("low", "medium"),
        "Many failed sign-ins for one account",
        "{n} failed sign-ins for {user} from {stranger}; none succeeded.",
        "T1110",
        FROM,
    ),
    Template(
        IDENTITY,
        "identity",
        ("medium", "high"),
        "Sign-in from two distant places",
        "{user} signed in from the office and, 40 minutes later, from {stranger}.",
        "T1078",
        FROM,
    ),
    Template(
        IDENTITY,
        "identity",
        ("informational",),
        "Password changed outside office hours",
        "{user} changed the password at night, from {host}.",
        "",
    ),
    Template(
        IDENTITY,
        "identity",
        ("pending", "medium"),
        "Sign-in with an outdated protocol",
        "A mail client of {user} still signs in without a second factor.",
        "T1078.004",
        FROM,
    ),
    Template(
        EDR,
        "endpoint",
        ("medium", "high"),
        "Office program started a shell",
        "On {host} a spreadsheet opened by {user} started a command shell, which ended at once.",
        "T1204.002",
        {"process": {"name": "powershell.exe"}},
    ),
    Template(
        EDR,
        "endpoint",
        ("low", "medium"),
        "Unwanted software removed",
        "A browser extension on {host} was removed; it had been installed from {site}.",
        "T1176",
        SITE,
    ),
    Template(
        EDR,
        "endpoint",
        ("high", "critical"),
        "Known hacking tool on disk",
        "The scanner found a password dumping tool in the downloads of {user} on {host}.",
        "T1003",
        {"file": {"name": "lsadump.zip"}},
    ),
    Template(
        EDR,
        "endpoint",
        ("informational", "low"),
        "Sensor not seen for a day",
        "{host} has not reported for {n} hours. It may be switched off.",
        "",
    ),
    Template(
        EDR,
        "endpoint",
        ("pending",),
        "Unsigned driver loaded",
        "{host} loaded a driver without a signature; the vendor's tool says nothing about it.",
        "T1068",
        {"file": {"name": "vndrv{n}.sys"}},
    ),
    Template(
        CLOUD,
        "cloud",
        ("medium", "high"),
        "Storage bucket readable by everybody",
        "The bucket backups-{n} was opened to everybody by {mail}.",
        "T1530",
    ),
    Template(
        CLOUD,
        "cloud",
        ("low", "medium"),
        "New access key for an old account",
        "{mail} made a second access key, though the first is in use.",
        "T1098.001",
    ),
    Template(
        CLOUD,
        "cloud",
        ("informational", "pending"),
        "Virtual machine started in an unused region",
        "A machine was started where none ran before; {mail} asked for it.",
        "T1535",
    ),
    Template(
        CLOUD,
        "cloud",
        ("high", "critical"),
        "Audit log switched off",
        "Logging of one project stopped for {n} minutes and was switched on again.",
        "T1562.008",
    ),
    Template(
        WALL,
        "network",
        ("informational", "low"),
        "Port scan from outside",
        "{stranger} tried {n} ports of our public addresses. All were closed.",
        "T1046",
        FROM,
    ),
    Template(
        WALL,
        "network",
        ("low", "medium"),
        "Connection to a blocked country",
        "{host} tried to reach {stranger}; the connection was refused.",
        "T1071",
        {"destination": {"ip": "{stranger}"}},
    ),
    Template(
        WALL,
        "network",
        ("medium", "high"),
        "Large upload to a sharing site",
        "{host} sent {n}0 MB to {site} within ten minutes.",
        "T1567.002",
        SITE,
    ),
    Template(
        AUDIT,
        "compliance",
        ("low", "medium"),
        "Workstation without disk encryption",
        "{host} reports that its disk is not encrypted.",
        "",
    ),
    Template(
        AUDIT,
        "compliance",
        ("medium", "high"),
        "Security update missing for 30 days",
        "{host} lacks an update that closes a hole known to be used.",
        "T1190",
        {"vulnerability": {"id": "CVE-2024-3094"}},
    ),
    Template(
        AUDIT,
        "compliance",
        ("informational", "pending"),
        "Local administrator added",
        "{user} became a local administrator of {host}; there is no ticket for it.",
        "T1136.001",
    ),
    Template(
        AUDIT,
        "compliance",
        ("low",),
        "Password policy differs from the standard",
        "The policy on {host} allows passwords of {n} characters.",
        "",
    ),
)
