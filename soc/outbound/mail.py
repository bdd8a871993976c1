"""One e-mail over a server of the tenant's own."""

import smtplib
import socket
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage

from soc.outbound.addresses import Network, Place
from soc.outbound.http import NoAnswer, NotSent, connect


@dataclass(frozen=True, slots=True)
class Login:
    username: str = ""
    password: str = field(default="", repr=False)


def send(
    place: Place,
    message: EmailMessage,
    *,
    login: Login,
    timeout: float,
    allowed: Sequence[Network] = (),
) -> None:
    """Hand it to the server. NotSent: it was not taken. NoAnswer: it may have been."""
    until = time.monotonic() + timeout
    raw = connect(place, until, allowed)
    try:
        server = _session(raw, place, timeout)
        if place.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        if login.username:
            if place.scheme == "smtp" and not isinstance(server.sock, ssl.SSLSocket):
                raise NotSent(f"{place.host} offers no TLS; the password is not sent without.")
            server.login(login.username, login.password)
    except (smtplib.SMTPException, OSError) as error:
        raw.close()
        raise NotSent(f"{place.host} would not have it: {type(error).__name__}.") from error
    try:
        server.send_message(message)
        server.quit()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
        raise NotSent(f"{place.host} refused the e-mail.") from error
    except (smtplib.SMTPException, OSError) as error:
        raise NoAnswer("The server broke off while it took the e-mail.") from error
    finally:
        server.close()


def _session(raw: socket.socket, place: Place, timeout: float) -> smtplib.SMTP:
    """A session over the connection that was made to the checked address."""
    server = smtplib.SMTP(timeout=timeout)
    raw.settimeout(timeout)
    server.sock, server.file = raw, None  # and the name that STARTTLS asks for
    server._host = place.host  # type: ignore[attr-defined]
    code, _ = server.getreply()
    if code != 220:
        raise smtplib.SMTPConnectError(code, b"")
    server.ehlo_or_helo_if_needed()
    return server
