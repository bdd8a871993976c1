"""Shapes of connectors. Secrets go in and never come out."""

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from core.shapes import BASE_FIELDS, RecordSerializer
from soc.api import examples
from soc.models import Connector
from soc.vocabulary import AUTH_SCHEMES, CONNECTOR_KINDS


@extend_schema_serializer(examples=examples.request(examples.CONNECTOR, "A firewall"))
class ConnectorSerializer(RecordSerializer):
    """An address outside that playbooks may call."""

    name = serializers.CharField(required=False, max_length=200)
    description = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    kind = serializers.ChoiceField(choices=CONNECTOR_KINDS, required=False)
    url = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=2000,
        help_text="`https://host/base`; for mail `smtps://host`. Another host clears the secret.",
    )
    auth_scheme = serializers.ChoiceField(choices=AUTH_SCHEMES, required=False)
    username = serializers.CharField(required=False, allow_blank=True, max_length=200)
    header_name = serializers.CharField(required=False, allow_blank=True, max_length=100)
    sender = serializers.CharField(required=False, allow_blank=True, max_length=320)
    enabled = serializers.BooleanField(required=False)
    secret = serializers.CharField(
        required=False,
        allow_blank=True,
        write_only=True,
        max_length=10_000,
        trim_whitespace=False,
        help_text="Written only. An empty one clears it.",
    )
    note = serializers.CharField(
        required=False, allow_blank=True, write_only=True, max_length=20_000
    )

    class Meta:
        model = Connector
        fields = (
            *BASE_FIELDS,
            "name",
            "description",
            "kind",
            "url",
            "auth_scheme",
            "username",
            "header_name",
            "sender",
            "enabled",
            "secret",
            "secret_set_at",
            "health",
            "health_message",
            "health_checked_at",
            "note",
        )
        read_only_fields = ("secret_set_at", "health", "health_message", "health_checked_at")
