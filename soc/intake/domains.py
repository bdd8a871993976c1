"""What may be a domain name: top-level domains, names of the inside, and what only looks like one.

The list is a modest one, kept by hand: the country codes and the generic domains that
matter in practice. It is used for free text only. A field that a tool names as a domain is
believed with any ending.
"""

# ruff: noqa: SIM905 — a list of 400 words reads better as text

import re

COUNTRIES = frozenset(
    """
    ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs
    bt bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee
    eg er es et eu fi fj fk fm fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm
    hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb
    lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz
    na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs
    ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl
    tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw
    """.split()
)
GENERIC = frozenset(
    """
    com org net edu gov mil int arpa info biz name pro aero coop museum jobs mobi travel tel cat
    asia post xxx onion app dev page cloud online site store shop tech xyz top club vip live life
    world today news blog space website host press email link click download stream win bid loan
    date trade review party science work men racing cricket accountant faith webcam gdn cam icu
    monster buzz rest cyou cfd sbs lol quest bond fun best kim country zip mov support services
    solutions systems network security software digital agency media group company center zone
    guru expert social chat video photo pics pictures gallery design studio art music games game
    bar cafe pub rocks ninja wtf fyi tips tools technology money finance financial bank insurance
    capital fund credit tax market markets trading exchange global international city town house
    homes land estate properties delivery express direct deals sale cheap discount promo gift
    gifts school academy education university institute training health clinic care dental doctor
    hospital fit yoga run bike auto cars taxi flights holiday hotel tours voyage fish farm garden
    wine beer coffee pizza restaurant kitchen food recipes fashion clothing shoes jewelry beauty
    hair makeup dating love family baby kids pet dog church bible charity foundation ngo green
    eco energy solar bio organic community google amazon aws microsoft azure apple office help
    surf wang win ltd llc inc gmbh berlin london nyc tokyo moscow ovh
    """.split()
)
TOP_LEVEL = COUNTRIES | GENERIC
# RFC 6762 App. G, RFC 8375 and ICANN's `internal`: names of the inside, kept as host names.
INSIDE = frozenset("local localdomain lan corp internal intranet intra home private".split())
# Endings that are as often a file's or a module's: believed from three labels on.
ALSO_FILES = frozenset("py sh pl rs md so ps zip mov app cc".split())
# `user.name`, `rule.id`: field names in texts about records.
FIELD_ENDINGS = frozenset("name id host email date group network".split())
FIELD_STARTS = frozenset(
    """
    agent alert as client cloud container data destination device dns email event file geo group
    hash host http kibana log network observer organization os parent process registry rule
    server service signal source src dst threat tls url user vulnerability winlog
    """.split()
)
# `com.example.app` is a package, not a host.
PACKAGE_STARTS = frozenset("com org net io java javax android python".split())

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")


def ascii_name(text: str) -> str | None:
    """Give a name of at least one label in lower-case ASCII (RFC 5891's xn-- form), or None."""
    name = text.strip().rstrip(".").lower().removeprefix("*.")
    if not 0 < len(name) <= 253:
        return None
    if not name.isascii():
        try:
            name = name.encode("idna").decode().lower()
        except UnicodeError:
            return None
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        return None
    return name


def is_domain(name: str) -> bool:
    """Whether an ASCII name has two labels or more and does not end in a number."""
    return "." in name and not name.rpartition(".")[2].isdigit()


def looks_like_domain(text: str) -> bool:
    """Whether a dotted word of free text is a domain: `setup.py` and `it.The` are not."""
    labels = text.split(".")
    first, last = labels[0].lower(), labels[-1].lower()
    if last not in TOP_LEVEL and not last.startswith("xn--"):
        return False
    if "_" in labels[-2] or (labels[-1][0].isupper() and not text.isupper()):
        return False
    if len(labels) > 2:
        return first not in PACKAGE_STARTS
    return last not in ALSO_FILES and not (first in FIELD_STARTS and last in FIELD_ENDINGS)


def looks_inside(text: str) -> bool:
    """Whether a dotted word names a machine of the inside, such as dc01.corp.local."""
    return text.rpartition(".")[2].lower() in INSIDE
