"""allauth's adapter: nobody signs up by themselves, and who may not sign in is like somebody
unknown.
"""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import authenticate
from django.shortcuts import redirect

from .accounts import sign_in_limits
from .accounts.subjects import network


class ClosedAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False

    def authenticate(self, request, **credentials):
        """The person with this address and password, or None; Paused when it may not be tried yet.

        A right password of somebody who was switched off, or who works at no school any more, is
        answered as a wrong one.
        """
        attempt = sign_in_limits.sign_in(request, credentials.get("email", ""))
        user = authenticate(request, **credentials)
        AuthenticationBackend.unstash_authenticated_user()  # allauth lays aside who is switched off
        if user is None or not user.may_sign_in:
            return None
        attempt.succeeded(from_address=network(request))
        return user

    def reauthenticate(self, user, password):
        """Whether this is the password of who is signed in; Paused when it may not be tried yet."""
        attempt = sign_in_limits.own_password(user)
        if not user.check_password(password):
            return False
        attempt.succeeded()
        return True

    def respond_user_inactive(self, request, user):
        return redirect("account_login")

    def get_client_ip(self, request):
        return network(request)
