"""WSGI entry point, which noblame/serve.py serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "noblame.settings")
application = get_wsgi_application()
