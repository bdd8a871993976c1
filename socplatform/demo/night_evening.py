"""The night at Acme until midnight: from a mail to the VPN, in somebody else's session."""

from socplatform.demo.chain import Step, network
from socplatform.demo.night_facts import (
    CLOUD,
    DESK,
    FROM_THIEF,
    IDENTITY,
    LURE,
    LURE_IP,
    MAIL,
    NORA,
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
