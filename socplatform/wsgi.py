import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "socplatform.settings")
os.environ.setdefault("STATEMENT_SECONDS", "15")
application = get_wsgi_application()

from django.urls import get_resolver  # noqa: E402 - the apps must be ready first

from core import memory  # noqa: E402
from socplatform.startup import refuse_unsafe  # noqa: E402

refuse_unsafe()
_ = get_resolver().url_patterns  # every page is loaded before anyone asks for it
memory.settle()
