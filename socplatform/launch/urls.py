"""postgresql:// URLs: made, and changed to another role or database."""

from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

MAINTENANCE = ("", "postgres", "template0", "template1")
DEFAULT_DATABASE = "soc"


def at_socket(folder: Path, *, user: str, password: str, database: str) -> str:
    query = urlencode({"host": str(folder), "port": "5432"})
    name, secret, path = (quote(part, safe="") for part in (user, password, database))
    return f"postgresql://{name}:{secret}@/{path}?{query}"


def database_of(url: str) -> str:
    """The database that the URL names; for none, or the server's own, the platform's usual name."""
    name = unquote(urlsplit(url).path.lstrip("/"))
    return DEFAULT_DATABASE if name in MAINTENANCE else name


def changed(url: str, *, database: str, user: str = "", password: str = "") -> str:
    """The same server, another database and, where given, another role."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    before, at, host = parts.netloc.rpartition("@")
    if user:
        before, at = f"{quote(user, safe='')}:{quote(password, safe='')}", "@"
        query = {key: value for key, value in query.items() if key not in ("user", "password")}
    return urlunsplit(
        (parts.scheme, before + at + host, "/" + quote(database, safe=""), urlencode(query), "")
    )
