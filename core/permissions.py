"""Signing in by e-mail and password. What a person may do comes from the membership's role, never
from groups.
"""

from typing import Any
from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from core.models import Person


class PersonBackend(BaseBackend):
    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Person | None:
        if not username or not password:
            return None
        try:
            person = Person.objects.get_by_natural_key(username)
        except Person.DoesNotExist:
            make_password(password)  # an unknown address takes as long as a known one
            return None
        known = (
            person.check_password(password)
            and person.is_active
            and person.kind == Person.Kind.PERSON
        )
        return person if known else None

    def get_user(self, user_id: UUID | str) -> Person | None:
        person: Person | None = Person.objects.filter(pk=user_id, is_active=True).first()
        return person

    def has_perm(self, user_obj: Any, perm: str, obj: object = None) -> bool:
        return isinstance(user_obj, Person) and user_obj.has_perm(perm)
