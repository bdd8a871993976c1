"""A small bundle in the shape of ATT&CK's, with names of our own."""

import json


def refs(attack_id):
    return [{"source_name": "mitre-attack", "external_id": attack_id}]


def tactic(attack_id, short, name):
    return {
        "type": "x-mitre-tactic",
        "id": f"x-mitre-tactic--{attack_id}",
        "name": name,
        "x_mitre_shortname": short,
        "external_references": refs(attack_id),
    }


def technique(attack_id, name, *tactics, **more):
    phases = [{"kill_chain_name": "mitre-attack", "phase_name": each} for each in tactics]
    return {
        "type": "attack-pattern",
        "name": name,
        "kill_chain_phases": phases,
        "x_mitre_is_subtechnique": "." in attack_id,
        "external_references": refs(attack_id),
        **more,
    }


def objects(version="17.1"):
    return [
        {"type": "x-mitre-collection", "x_mitre_version": version},
        {"type": "identity", "name": "someone"},
        {
            "type": "x-mitre-matrix",
            "tactic_refs": ["x-mitre-tactic--TA0002", "x-mitre-tactic--TA0001"],
        },
        tactic("TA0001", "first-step", "First step"),
        tactic("TA0002", "running", "Running"),
        technique("T1001", "Knocking", "first-step"),
        technique("T1002", "Shell", "running", "first-step"),
        technique("T1002.001", "Odd shell", "running"),
        technique("T1003", "Given up", "running", x_mitre_deprecated=True),
        technique("T1004", "Taken back", "running", revoked=True),
    ]


def written(path, given=None, **more):
    path.write_text(json.dumps({"type": "bundle", "objects": given or objects(**more)}))
    return path
