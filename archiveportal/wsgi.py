"""The door for a WSGI server."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from archiveportal.database import limit_waits

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archiveportal.settings")
os.environ["PORTAL_PROCESS"] = "1"
limit_waits()
application = get_wsgi_application()
# Pages are loaded before the first request, and what is loaded stays until the process ends: the search for
# garbage need not go through it again and again.
get_resolver().url_patterns  # noqa: B018
gc.collect()
gc.freeze()
