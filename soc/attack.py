"""ATT&CK's tactics by id, in the order of the matrix. The names are what the threats page shows."""

import re

TACTICS = {
    "TA0043": "Reconnaissance",
    "TA0042": "Resource Development",
    "TA0001": "Initial Access",
    "TA0002": "Execution",
    "TA0003": "Persistence",
    "TA0004": "Privilege Escalation",
    "TA0005": "Defense Evasion",
    "TA0006": "Credential Access",
    "TA0007": "Discovery",
    "TA0008": "Lateral Movement",
    "TA0009": "Collection",
    "TA0011": "Command and Control",
    "TA0010": "Exfiltration",
    "TA0040": "Impact",
}
DOMAIN = "enterprise-attack"
TECHNIQUE = re.compile(r"T\d{4}")
SUBTECHNIQUE = re.compile(r"T\d{4}\.\d{3}")
_IDS = {name.lower().replace(" ", ""): tactic for tactic, name in TACTICS.items()}


def tactic_name(tactic: str) -> str:
    """`TA0001` as `Initial Access`; an unknown one as it came."""
    return TACTICS.get(tactic, tactic)


def tactic_id(word: str) -> str | None:
    """`TA0001` for itself and for its name as tools write it: `Initial Access`, `initial-access`,
    `initial_access`, `InitialAccess`. None for what names no tactic.
    """
    if word.upper() in TACTICS:
        return word.upper()
    return _IDS.get(re.sub(r"[\s_-]+", "", word.lower()))


def technique_id(word: str) -> str:
    """`t1059.001` as `T1059.001`; what is no id of a technique as it came."""
    upper = word.upper()
    return upper if TECHNIQUE.fullmatch(upper) or SUBTECHNIQUE.fullmatch(upper) else word


def parent_of(technique: str) -> str:
    """The technique that a sub-technique belongs to; a technique itself."""
    return technique.partition(".")[0]
