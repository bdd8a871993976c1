"""How resources describe themselves in the OpenAPI document."""

from typing import Any

from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerFieldExtension,
)
from drf_spectacular.openapi import AutoSchema

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "field": {"type": "string"},
        "errors": {"type": "object"},
        "allowed": {"type": "array", "items": {"type": "string"}},
    },
}


TOMBSTONE = {
    "type": "object",
    "description": "A deleted row, in lists by `updated_since`, `is_deleted` or `deleted_by`.",
    "required": ["id", "tenant_id", "updated_at", "is_deleted", "deleted_at", "deleted_by"],
    "properties": {
        "id": {"type": "string"},
        "tenant_id": {"type": "string"},
        "created_at": {"type": "string", "format": "date-time"},
        "updated_at": {"type": "string", "format": "date-time"},
        "is_deleted": {"const": True},
        "deleted_at": {"type": "string", "format": "date-time"},
        "deleted_by": {"type": "string"},
        "version": {"type": "integer"},
    },
}


class ResourceSchema(AutoSchema):
    """Adds the domain (`x-cpod-domain`) to each operation."""

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(*args, **kwargs)
        domain = self.path.removeprefix("/api/v1/").partition("/")[0]
        if self.path.startswith("/v1/"):
            domain = "soc"  # the seed pages' own paths
        if operation and domain in ("soc", "grc", "core", "auth"):
            operation["x-cpod-domain"] = domain
        return operation


class ShownIdSchema(OpenApiSerializerFieldExtension):
    target_class = "core.shapes.ShownId"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        return {
            "type": ["string", "null"],
            "examples": [f"{self.target.prefix}_01jd3v6z0000000000000000000"[:30]],
        }


class ReferenceSchema(OpenApiSerializerFieldExtension):
    target_class = "core.shapes.Reference"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        """An answer may hold none, whatever a body must give; for a body the framework adds it."""
        nullable = direction == "response" and not self.target.allow_null
        return {
            "type": ["string", "null"] if nullable else "string",
            "description": f"An id: {self.target.prefix}_…",
        }


class ReferencesSchema(OpenApiSerializerFieldExtension):
    target_class = "core.shapes.References"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string"}}


class AnyJSONSchema(OpenApiSerializerFieldExtension):
    target_class = "core.shapes.AnyJSON"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        """Every type by name, null among them: where null is allowed, the framework adds it."""
        named = ["object", "array", "string", "number", "boolean"]
        return {"type": named if self.target.allow_null else [*named, "null"]}


class BearerSchema(OpenApiAuthenticationExtension):
    target_class = "core.api.authentication.TokenAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


class KeySchema(OpenApiAuthenticationExtension):
    target_class = "core.api.authentication.KeyAuthentication"
    name = "applicationKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "An access token, or the key itself: <client_id>.<client_secret>.",
        }


class SignatureSchema(OpenApiAuthenticationExtension):
    target_class = "core.api.authentication.SignatureAuthentication"
    name = "signature"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "X-Soc-Signature",
            "description": "sha256= and the hexadecimal HMAC-SHA256 over X-Soc-Timestamp, a dot "
            "and the raw body, with the signing secret of the application in X-Soc-Client.",
        }


class RoutingKeySchema(OpenApiAuthenticationExtension):
    target_class = "soc.api.enqueue.RoutingKey"
    name = "routingKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "routing_key",
            "description": "In the body, as routing_key: <client_id>.<client_secret>.",
        }


class SessionSchema(OpenApiAuthenticationExtension):
    target_class = "core.api.authentication.TenantSessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "__Host-sessionid",
            "description": "Where there is no TLS, on a machine to try it on: sessionid.",
        }


def with_tombstones(
    result: dict[str, Any], generator: Any, request: Any, public: bool
) -> dict[str, Any]:
    """A page of a resource that can be deleted may hold tombstones beside its rows."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas["Tombstone"] = TOMBSTONE
    for page in list(schemas.values()):
        rows = page.get("properties", {}).get("results", {}).get("items", {})
        name = rows.get("$ref", "").rpartition("/")[2]
        if "is_deleted" in schemas.get(name, {}).get("properties", {}):
            page["properties"]["results"]["items"] = {
                "anyOf": [rows, {"$ref": "#/components/schemas/Tombstone"}]
            }
    return result


def without_absent(
    result: dict[str, Any], generator: Any, request: Any, public: bool
) -> dict[str, Any]:
    """`app_id` is left out where no application wrote the row, so nothing requires it."""
    for schema in result.get("components", {}).get("schemas", {}).values():
        if "app_id" in schema.get("required", []):
            schema["required"].remove("app_id")
    return result


def with_problems(
    result: dict[str, Any], generator: Any, request: Any, public: bool
) -> dict[str, Any]:
    """Every operation may answer with a problem; paths stand without their optional slash."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    answer = {
        "description": "A problem document (RFC 9457).",
        "content": {"application/problem+json": problem},
    }
    for path in result["paths"].values():
        for operation in path.values():
            operation["responses"]["default"] = answer
    result["paths"] = {path.rstrip("/"): item for path, item in result["paths"].items()}
    return result
