"""Rules of the network sensor that fire in an ordinary month."""

# (signature id, signature, classification, priority, technique)
SIGNATURES = (
    (
        2610101,
        "POLICY Remote desktop to an address outside",
        "Potential Corporate Privacy Violation",
        2,
        "T1021.001",
    ),
    (
        2610102,
        "SCAN Many connections to the database port",
        "Attempted Information Leak",
        2,
        "T1046",
    ),
    (
        2610103,
        "MALWARE Lookup of a generated domain name",
        "A Network Trojan was detected",
        1,
        "T1568.002",
    ),
    (2610104, "INFO Old TLS version offered by a server", "Misc activity", 3, ""),
    (2610105, "WEB Path traversal in a request", "Web Application Attack", 1, "T1190"),
)
