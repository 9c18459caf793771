"""An authorisation server that shares no line with Patchbay: PyPI's django-oauth-toolkit, on a loopback port.

    .venv/bin/python django_server.py [SECONDS]     prints {"base": …} and serves until it is ended

SECONDS is how long access tokens live; an hour if it is left out. The database is in memory: nothing is left behind.

Everybody who comes to /o/authorize/ is "ada" and gets the toolkit's own consent form, with its cookie. PKCE is required, and
a refresh token works once: coming with it again ends everything that came of that sign-in. Endpoints: /o/authorize/,
/o/token/, /o/revoke_token/, /o/introspect/, and /me, which takes a token. /counts says how many token requests there were by
grant type, and is none of the toolkit's.
"""

import collections
import json
import secrets
import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from django.conf import settings

PATH = "/auth/oauth2/callback"
SECRET = "a secret: with % and +"
SECONDS = int(sys.argv[1]) if len(sys.argv) > 1 else 3600

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "oauth2_provider"],
    MIDDLEWARE=["django.middleware.csrf.CsrfViewMiddleware", "__main__.ada", "__main__.count"],
    OAUTH2_PROVIDER={
        "ACCESS_TOKEN_EXPIRE_SECONDS": SECONDS,
        "PKCE_REQUIRED": True,
        "REFRESH_TOKEN_REUSE_PROTECTION": True,
        "ROTATE_REFRESH_TOKEN": True,
        "SCOPES": {"one": "Reads one", "two": "Reads two", "introspection": "Asks about tokens"},
    },
    # Strong hashes would only cost time here.
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ROOT_URLCONF="__main__",
    SECRET_KEY=secrets.token_hex(32),
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    USE_TZ=True,
)
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402
from oauth2_provider import views  # noqa: E402
from oauth2_provider.decorators import protected_resource  # noqa: E402
from oauth2_provider.models import get_application_model  # noqa: E402

counts = collections.Counter()


def ada(answer):
    """Whoever comes to the consent form has signed in before."""

    def middleware(request):
        if request.path == "/o/authorize/":
            request.user = User.objects.get(username="ada")
        return answer(request)

    return middleware


def count(answer):
    """Counts what comes to the token endpoint, and to the end of a sign-in."""

    def middleware(request):
        response = answer(request)
        verdict = "granted" if response.status_code == 200 else "refused"
        if request.path == "/o/token/":
            counts[f"{request.POST.get('grant_type', 'none')} {verdict}"] += 1
        if request.path == "/o/revoke_token/":
            counts[f"revoke {verdict}"] += 1
        return response

    return middleware


@protected_resource(scopes=["one"])
def me(request):
    user = request.resource_owner
    return JsonResponse({"sub": str(user.pk), "name": user.get_full_name(), "email": user.email})


urlpatterns = [
    path("o/authorize/", views.AuthorizationView.as_view()),
    path("o/token/", views.TokenView.as_view()),
    path("o/revoke_token/", views.RevokeTokenView.as_view()),
    path("o/introspect/", views.IntrospectTokenView.as_view()),
    path("me", me),
    path("counts", lambda request: JsonResponse(counts)),
]


class Quiet(WSGIRequestHandler):
    """Writes no log."""

    def log_message(self, *arguments):
        pass


def main():
    call_command("migrate", verbosity=0)
    owner = User.objects.create_user("ada", "ada@example.org", first_name="Ada", last_name="Winter")
    application = get_application_model()

    def register(name, kind, redirect, **more):
        grant = application.GRANT_AUTHORIZATION_CODE
        client = {"name": name, "client_id": name, "client_type": kind, "redirect_uris": redirect}
        application.objects.create(user=owner, authorization_grant_type=grant, **client, **more)

    fixed = f"http://127.0.0.1:47823{PATH}"
    register("confidential", application.CLIENT_CONFIDENTIAL, fixed, client_secret=SECRET)
    # Without a port: any, as RFC 8252, section 7.3 has it.
    register("public", application.CLIENT_PUBLIC, f"http://127.0.0.1{PATH}", client_secret="")
    # One at a time: the database belongs to this thread.
    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)
    told = {"client_id": "confidential", "client_secret": SECRET, "public_client_id": "public"}
    print(json.dumps({"base": f"http://127.0.0.1:{server.server_port}", **told}), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
