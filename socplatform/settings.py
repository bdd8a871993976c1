"""Settings, all from the environment; `.env.example` lists them."""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF, UNSAFE_EVAL

from socplatform import environment as env
from socplatform.logs import logging_settings
from socplatform.theme import UNFOLD as UNFOLD

BASE_DIR = Path(__file__).resolve().parent.parent
DEFAULT_SECRET = "only-for-a-first-look"  # noqa: S105 - socplatform.startup refuses it outside debug

DEBUG = env.flag("DEBUG")
SECRET_KEY = env.text("SECRET_KEY", DEFAULT_SECRET)
TOKEN_KEY = env.text("TOKEN_KEY", DEFAULT_SECRET + "-token")
# The first seals secrets that must be read again, the others still open them.
SECRETS_KEYS = env.words("SECRETS_KEYS", "" if not DEBUG else DEFAULT_SECRET + "-secrets")
OUTBOUND_ALLOW = env.words("OUTBOUND_ALLOW")
# For how long after its last repeat a record without an id of its own is known again, by tool.
FINGERPRINT_HOURS = env.numbers("FINGERPRINT_HOURS", 24)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
BASE_URL = env.text("BASE_URL", f"http://127.0.0.1:{env.number('PORT', 8000)}").rstrip("/")
BEHIND_TLS = env.flag("BEHIND_TLS", default=not DEBUG)

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.simple_history",
    "socplatform.apps.SocAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "csp",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "simple_history",
    "procrastinate.contrib.django",
    "axes",
    "core",
    "grc",
    "soc",
    "socplatform",
]

MIDDLEWARE = [
    "core.web.correlation_middleware",
    "socplatform.health.middleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.web.TenantMiddleware",
    "socplatform.preferences.time_zone_middleware",
    "core.web.PageMessagesMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "core.web.PagePolicyMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "socplatform.urls"
WSGI_APPLICATION = "socplatform.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# What a statement may take, 0 without end: the web server has a limit, commands and jobs have none.
STATEMENT_SECONDS = env.number("STATEMENT_SECONDS", 0)
DATABASES = {
    "default": {
        **env.database("DATABASE_URL"),
        "ENGINE": "socplatform.database",
        # A test database starts as a copy, since default privileges are kept per database.
        "TEST": {"TEMPLATE": env.database("DATABASE_URL")["NAME"]},
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
}
DATABASES["default"]["OPTIONS"] |= {
    "prepare_threshold": 1,
    "options": " ".join(
        f"-c {setting}"
        for setting in (
            "plan_cache_mode=force_generic_plan",
            f"statement_timeout={STATEMENT_SECONDS}s",
            f"idle_in_transaction_session_timeout={20 * STATEMENT_SECONDS}s",
        )
    ),
    "application_name": "soc",
}
DATABASE_ROLES = {
    "app": env.database("DATABASE_URL"),
    "owner": env.database(
        "DATABASE_OWNER_URL" if env.text("DATABASE_OWNER_URL") else "DATABASE_URL"
    ),
    "platform": env.database(
        "DATABASE_PLATFORM_URL" if env.text("DATABASE_PLATFORM_URL") else "DATABASE_URL"
    ),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "core.Person"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "core.permissions.PersonBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "username"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=10)
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
# With this prefix browsers take a cookie over TLS alone, and from this very host: no neighbour in
# the domain can set one for us.
_PREFIX = "__Host-" if BEHIND_TLS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_PREFIX}sessionid", f"{_PREFIX}csrftoken"
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("TRUST_PROXY") else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
X_FRAME_OPTIONS = "DENY"
# The theme's scripts (Alpine) evaluate expressions; THREAT_MODEL.md says what that costs.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, UNSAFE_EVAL],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = ["socplatform.formats"]

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # nothing is kept there
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "evidence": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": env.text("EVIDENCE_DIR", str(BASE_DIR / ".data" / "evidence")),
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
}
EVIDENCE_MAX_BYTES = env.number("EVIDENCE_MAX_MIB", 100) * 1024 * 1024

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True  # no collecting step: the packages' files are served where they lie
WHITENOISE_AUTOREFRESH = DEBUG

EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "soc-platform@localhost")
EMAIL_BACKEND = env.text("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "core.api.authentication.TokenAuthentication",
        "core.api.authentication.TenantSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["core.api.permissions.HasScope"],
    "DEFAULT_RENDERER_CLASSES": [
        "core.api.renderers.JSONRenderer",
        "core.api.renderers.BrowsableRenderer",
    ],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "core.api.negotiation.Negotiation",
    "DEFAULT_PARSER_CLASSES": ["core.api.parsers.StrictJSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["core.api.filtering.TenantFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "core.api.pagination.CursorById",
    "DEFAULT_SCHEMA_CLASS": "core.api.schema.ResourceSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "core.problems.handler",
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "TEST_REQUEST_RENDERER_CLASSES": [
        "rest_framework.renderers.JSONRenderer",
        "rest_framework.renderers.MultiPartRenderer",
    ],
}
SIMPLE_JWT = {
    "ALGORITHM": "HS256",
    "SIGNING_KEY": TOKEN_KEY,
    "ISSUER": "soc-platform",
    "AUDIENCE": "soc-platform-api",
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=10),
    "REFRESH_TOKEN_LIFETIME": timedelta(hours=12),
    "LEEWAY": 10,
    "USER_ID_CLAIM": "sub",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "SOC platform",
    "DESCRIPTION": "One model from alert to regulator.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "POSTPROCESSING_HOOKS": [
        "core.api.schema.with_tombstones",
        "core.api.schema.without_absent",
        "core.api.schema.with_problems",
    ],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}

LOGGING = logging_settings(env.text("LOG_LEVEL", "INFO"))
