"""The door for a WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

from archiveportal.database import limit_waits

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archiveportal.settings")
os.environ["PORTAL_PROCESS"] = "1"
limit_waits()
application = get_wsgi_application()
