"""One night at Acme: sixteen alerts of six tools that are one story, from a mail to encryption."""

from socplatform.demo.chain import Step, network
from socplatform.demo.night_facts import (
    BACKUP,
    CLOUD,
    DESK,
    DROP_IP,
    EDR,
    ERP,
    FILES,
    FROM_THIEF,
    IDENTITY,
    JUMP,
    LOCKER,
    LURE,
    LURE_IP,
    MAIL,
    NORA,
    ON_FILES,
    SENDER,
    SENSOR,
    THIEF,
    WALL,
)

EVENING = (
    Step(
        key="mail",
        minute=0,
        tool=MAIL,
        severity="medium",
        title="Message from a look-alike of a known carrier delivered",
        text="A message 'Unpaid freight invoice 88-2041' from "
        f"{SENDER} reached n.lind@acme.example. The sender's domain is four days old and looks "
        f"like that of a carrier we pay. The message links to https://{LURE}/session.",
        technique="T1566.002",
        fields={
            "from": {"address": SENDER},
            "recipient": NORA["email"],
            "user": NORA,
            "url": {"full": f"https://{LURE}/session"},
            "source": {"ip": LURE_IP},
        },
    ),
    Step(
        key="click",
        minute=19,
        tool=MAIL,
        severity="high",
        title="Link opened in a message that was judged malicious later",
        text=(
            f"n.lind opened the link to {LURE} on WS-FIN-011, three minutes before the "
            "message was judged malicious and taken out of the other nine mailboxes."
        ),
        technique="T1204.001",
        fields={"user": NORA, "host": DESK, "url": {"full": f"https://{LURE}/session"}},
        after=("mail",),
        why="the link in this message was opened",
    ),
    Step(
        key="relay",
        minute=20,
        tool=SENSOR,
        after=("click",),
        why="the workstation talked to the address behind the link a minute later",
        eve=network(
            (DESK["ip"], LURE_IP, 443),
            (2610201, "PHISHING Sign-in page relayed through a known kit", "T1557"),
            app_proto="tls",
            tls={"sni": LURE, "version": "TLS 1.3"},
        ),
    ),
    Step(
        key="session",
        minute=41,
        tool=IDENTITY,
        severity="high",
        title="Session used from a new country without a new sign-in",
        text=f"A session that n.lind began on WS-FIN-011 at 22:33 is used from {THIEF}. The second "
        "factor was not asked for, since the session carries it. Her own session in the office "
        "goes on.",
        technique="T1539",
        fields=FROM_THIEF | {"host": DESK},
        after=("relay",),
        why="the session was begun through the relayed page and went on elsewhere",
    ),
    Step(
        key="factor",
        minute=47,
        tool=IDENTITY,
        severity="high",
        title="New second factor registered from an unknown device",
        text=f"An authenticator was added to n.lind's account from {THIEF}, six minutes after the "
        "session appeared there. The account can now be used without the stolen session.",
        technique="T1098.005",
        fields=FROM_THIEF,
        after=("session",),
        why="same account and address, six minutes later",
    ),
    Step(
        key="rule",
        minute=55,
        tool=CLOUD,
        severity="high",
        title="New inbox rule hides messages about payments",
        text=(
            "In the mailbox of n.lind@acme.example a rule named '.' moves messages with "
            "'invoice', 'payment' or 'security' to a folder for feeds and marks them "
            f"read. It was made from {THIEF}."
        ),
        technique="T1564.008",
        fields=FROM_THIEF,
        after=("session",),
        why="the rule was made in the stolen session",
    ),
    Step(
        key="reading",
        minute=67,
        tool=CLOUD,
        severity="medium",
        title="Unusual number of documents read from a shared drive",
        text=(
            "412 documents of 'IT handbook' and 'Backups' were read as n.lind from "
            f"{THIEF}; about ten a day are usual. Among them: how to set up the VPN, and a "
            "sheet with the password of svc-backup."
        ),
        technique="T1213",
        fields=FROM_THIEF,
        after=("session",),
        why="the same session read the documents",
    ),
    Step(
        key="vpn",
        minute=103,
        tool=WALL,
        severity="high",
        title="VPN connection from an address seen in a mailbox",
        text=f"n.lind connected to the VPN from {THIEF} with the new second factor and was given "
        "10.60.0.44.",
        technique="T1133",
        fields=FROM_THIEF,
        after=("factor", "reading"),
        why="it used the new second factor and what the documents tell",
    ),
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
STEPS = EVENING + AFTER_MIDNIGHT
