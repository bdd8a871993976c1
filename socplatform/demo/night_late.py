"""The night at Acme after midnight: from the jump server to encryption."""

from socplatform.demo.chain import Step, network
from socplatform.demo.night_facts import (
    BACKUP,
    DROP_IP,
    EDR,
    ERP,
    FILES,
    JUMP,
    LOCKER,
    ON_FILES,
    SENSOR,
    WALL,
)

AFTER_MIDNIGHT = (
    Step(
        key="hop",
        minute=129,
        tool=EDR,
        severity="high",
        title="Backup account signed in interactively on a jump server",
        text="svc-backup opened a desktop session on srv-jump-02 from 10.60.0.44. The account runs "
        "jobs at 02:00 and never signs in by itself.",
        technique="T1078.002",
        fields={"user": BACKUP, "host": JUMP, "source": {"ip": "10.60.0.44"}},
        after=("vpn",),
        why="it came from the VPN address, with the password from the documents",
    ),
    Step(
        key="dump",
        minute=156,
        tool=EDR,
        severity="critical",
        title="Memory of the sign-in process read",
        text=(
            "On srv-jump-02 svchelper.exe read the memory of the sign-in process and "
            "wrote 48 MB to C:\\ProgramData. An administrator of the domain was signed in "
            "there that evening."
        ),
        technique="T1003.001",
        fields={"user": BACKUP, "host": JUMP, "file": LOCKER},
        after=("hop",),
        why="same session on the jump server",
    ),
    Step(
        key="spread",
        minute=184,
        tool=SENSOR,
        after=("dump",),
        why="the jump server began to write to other servers",
        eve=network(
            (JUMP["ip"], FILES["ip"], 445),
            (2610202, "LATERAL Program copied to an administrative share", "T1021.002"),
            app_proto="smb",
            smb={"filename": LOCKER["name"], "ntlmssp": {"user": BACKUP["name"]}},
        ),
    ),
    Step(
        key="service",
        minute=207,
        tool=EDR,
        severity="high",
        title="Service installed from another server",
        text="svchelper.exe was installed on srv-file-01 as the service 'Service Helper', from "
        "srv-jump-02 by svc-backup. It is the file that read the memory there.",
        technique="T1543.003",
        fields=ON_FILES,
        after=("spread", "dump"),
        why="same file, copied over the share",
    ),
    Step(
        key="shadow",
        minute=246,
        tool=EDR,
        severity="critical",
        title="Shadow copies of all volumes deleted",
        text=(
            "On srv-file-01 all shadow copies were deleted and the backup agent was "
            "stopped, both by svchelper.exe."
        ),
        technique="T1490",
        fields=ON_FILES,
        after=("service",),
        why="done by the service that was installed",
    ),
    Step(
        key="encryption",
        minute=262,
        tool=EDR,
        severity="critical",
        title="Files rewritten with a new extension",
        text=(
            "3,180 files on srv-file-01 were rewritten as *.frozen within four minutes, "
            "and a note READ_TO_RESTORE.txt was left in 60 folders. The sensor stopped "
            "the program at 02:38."
        ),
        technique="T1486",
        fields=ON_FILES,
        after=("shadow",),
        why="the encryption that the deletion prepared",
    ),
    Step(
        key="upload",
        minute=271,
        tool=WALL,
        severity="high",
        title="1.9 GB sent to an address first seen today",
        text=(
            f"srv-file-01 sent 1.9 GB to {DROP_IP} over 40 minutes, ending as the "
            "encryption began. The address is a rented server; nobody here has talked to "
            "it before."
        ),
        technique="T1048",
        fields={"host": FILES, "destination": {"ip": DROP_IP}},
        after=("service",),
        why="same server, while the program ran there",
    ),
    Step(
        key="next",
        minute=300,
        tool=EDR,
        severity="critical",
        title="Known encryption program on another server",
        text=(
            "svchelper.exe lies on srv-erp-01, copied at 02:29 by svc-backup from "
            "srv-jump-02. It has not been started yet. The server has not been isolated."
        ),
        technique="T1570",
        fields={"user": BACKUP, "host": ERP, "file": LOCKER},
        after=("encryption", "spread"),
        why="same file and account, on a server that is still untouched",
    ),
)
