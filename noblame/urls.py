"""The whole of the address space: signing in, and the application. No Django admin."""

from django.contrib.auth.decorators import login_not_required
from django.db.transaction import non_atomic_requests as free
from django.urls import include, path, re_path
from django.views.i18n import set_language

from cases.views.account import sign_in

# `free`: hashing a password and mailing take long, and SQLite has one writer at a time: these views
# do not hold a transaction meanwhile.
urlpatterns = [
    path("account/sign-in/", free(sign_in.login), name="account_login"),
    path("account/sign-out/", sign_in.logout, name="account_logout"),
    path("account/password/", free(sign_in.password_change), name="account_change_password"),
    path("account/reset/", free(sign_in.password_reset), name="account_reset_password"),
    path("account/reset/done/", sign_in.password_reset_done, name="account_reset_password_done"),
    re_path(  # the key has a dash of its own: what names the account ends at the first one
        r"^account/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        free(sign_in.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "account/reset/ready/",
        sign_in.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("account/confirm/", free(sign_in.reauthenticate), name="account_reauthenticate"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("", include("cases.urls")),
]
handler403 = "django.views.defaults.permission_denied"
handler400 = "cases.views.outage.bad_request"
handler500 = "cases.views.outage.server_error"
