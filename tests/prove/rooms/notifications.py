"""Notifications, and a wish."""

from core.services import notifications
from tests.prove.rooms import Line


def fill(line: Line, word: str) -> None:
    people = [person.pk for person in line.cast.people.values()]
    about = notifications.About("alert", line.alert.pk)
    key = f"{word} {line.alert.pk}"
    notifications.tell(people, "critical_alert", f"critical {word}", key=key, about=about)
    notifications.wish("mentioned", {"by_email": True}, actor=line.cast.actor())
