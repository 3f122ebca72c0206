"""Pages for work without a network: the worker, and the list of what waits on the device.

Both are the same for everybody and say nothing about anybody: only the device has what waits.
"""

from __future__ import annotations

import hashlib
import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from archiveportal.accounts.access import public
from archiveportal.own_words import own_words

STYLES = ("theme", "frame", "parts", "print", "checklist", "autosave", "offline")
#: by folder of static/js
SCRIPTS = {
    "page": ("page", "print", "days"),
    "device": ("words", "store", "queue", "device", "later", "draft", "waiting", "transfer", "load", "photographs"),
    "checklist": (
        *("checklist", "ways", "answers", "autosave", "keys", "undo"),
        *("paste", "stock", "photos", "settle", "guidance", "strip", "kinds"),
    ),
}


@public
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. It is served from the root, so that it sees every page; its code is a
    static file."""
    assets = [static(f"css/{name}.css") for name in STYLES]
    for folder, names in SCRIPTS.items():
        assets += [static(f"js/{folder}/{name}.js") for name in names]
    assets += [static("img/mark.svg"), static("img/icons.svg")]
    facts = {
        "assets": assets,
        # The stored page of what waits names the office: it is fetched anew when the name changes.
        "version": hashlib.blake2s(" ".join([*assets, own_words("vi").name]).encode(), digest_size=6).hexdigest(),
        "static": settings.STATIC_URL,
        "waiting": reverse("inspections:waiting"),
        "signOut": reverse("accounts:sign-out"),
    }
    code = static("js/device/worker.js")
    script = f"self.portal = {json.dumps(facts)};\nimportScripts({json.dumps(code)});\n"
    return HttpResponse(script, content_type="text/javascript")


@public
@require_safe
@ensure_csrf_cookie
def waiting(request: HttpRequest) -> HttpResponse:
    """Show what waits on this device, without the frame, so that its stored copy names nobody."""
    return render(request, "offline/waiting.html", {"frame": None})
