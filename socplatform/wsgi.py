import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "socplatform.settings")
application = get_wsgi_application()

from core import memory  # noqa: E402 - the apps must be ready first
from socplatform.startup import refuse_unsafe  # noqa: E402

refuse_unsafe()
memory.settle()
