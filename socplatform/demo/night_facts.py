"""What the alerts of the night at Acme share: addresses, hosts, accounts and a file."""

THIEF = "198.51.100.23"  # from here the stolen session and the VPN were used
LURE = "login.acme-portal.example"
LURE_IP = "203.0.113.77"
DROP_IP = "203.0.113.140"
SENDER = "invoices@carrier-billing.example"
NORA = {"name": "n.lind", "email": "n.lind@acme.example"}
BACKUP = {"name": "svc-backup"}
DESK = {"name": "WS-FIN-011", "ip": "10.40.3.11"}
JUMP = {"name": "srv-jump-02.acme.example", "ip": "10.40.8.12"}
FILES = {"name": "srv-file-01.acme.example", "ip": "10.40.8.31"}
ERP = {"name": "srv-erp-01.acme.example", "ip": "10.40.8.21"}
LOCKER = {
    "name": "svchelper.exe",
    "sha256": "9f2c4b7d1e6a08535cd1f0b98e7742aa6b3ce5d90f1487a2c6e05b3d8f91a764",
}
MAIL = ("Mail gateway", "network")
IDENTITY = ("Identity provider", "identity")
CLOUD = ("Cloud audit", "cloud")
EDR = ("Endpoint sensor", "endpoint")
WALL = ("Firewall", "network")
SENSOR = ("suricata", "network")
FROM_THIEF = {"user": NORA, "source": {"ip": THIEF}}
ON_FILES = {"user": BACKUP, "host": FILES, "file": LOCKER}
