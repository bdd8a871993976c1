"""Whom a comment names: `@` with the e-mail address of a member, or with the part before its @."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from core.services import people
from soc.models import Comment, Mention

# After a letter or another @ it is an address that somebody writes about, and no mention.
_NAME = re.compile(r"(?<![\w.@+\-])@(\w[\w.+'\-]*+(?:@[\w.\-]++)?)")


def named(text: str, addresses: Mapping[UUID, str]) -> list[UUID]:
    """The people that a text names, in the order of their first mention.

    `addresses` are the e-mail addresses of those who may be named. Names that nobody has, or that
    two people share, stay text.
    """
    known: dict[str, set[UUID]] = defaultdict(set)
    for person_id, address in addresses.items():
        lower = address.lower()
        known[lower].add(person_id)
        known[lower.partition("@")[0]].add(person_id)
    words = (word.rstrip(".-'").lower() for word in _NAME.findall(text))
    found = [known[word] for word in words if len(known.get(word, ())) == 1]
    return list(dict.fromkeys(person_id for each in found for person_id in each))


def parts(text: str, addresses: Iterable[str]) -> list[tuple[str, bool]]:
    """A text in pieces, each with whether it names one of those whom it mentions, by their e-mail
    addresses: what one may set off on a page. Together the pieces are the text.
    """
    known = {word for each in addresses for word in (each.lower(), each.lower().partition("@")[0])}
    found, done = [], 0
    for match in _NAME.finditer(text):
        word = match[1].rstrip(".-'")
        if word.lower() in known:
            end = match.start(1) + len(word)
            found += [(text[done : match.start()], False), (text[match.start() : end], True)]
            done = end
    return [piece for piece in [*found, (text[done:], False)] if piece[0]]


def set_of(comment: Comment) -> list[UUID]:
    """Keep the mentions of a comment as its text has them now; who is new among them."""
    wanted = named(comment.text, people.addresses()) if "@" in comment.text else []
    present = set(Mention.objects.filter(comment=comment).values_list("person_id", flat=True))
    new = [person_id for person_id in wanted if person_id not in present]
    Mention.objects.filter(comment=comment).exclude(person_id__in=wanted).delete()
    Mention.objects.bulk_create([Mention(comment=comment, person_id=pk) for pk in new])
    return new


def of(comment_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The people whom each comment mentions, in one query."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    rows = Mention.objects.filter(comment_id__in=list(comment_ids)).order_by("id")
    for comment_id, person_id in rows.values_list("comment_id", "person_id"):
        found[comment_id].append(person_id)
    return found
