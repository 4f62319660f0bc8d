"""Links to choose a new password: Django's, which end with the password or address they were made
for, and which here are never from a clock that was ahead.
"""

import datetime

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.http import base36_to_int

from .timestamps import SLACK_SECONDS


class ResetTokens(PasswordResetTokenGenerator):
    """Named in ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR; allauth imports it by that name."""

    def check_token(self, user, token):
        """Whether the link still opens: signed by us, not used, not too old, not from the
        future.
        """
        if not super().check_token(user, token):
            return False
        made = base36_to_int(token.partition("-")[0])
        return made <= self._num_seconds(self._now()) + SLACK_SECONDS

    def _now(self):
        """Django counts on the local clock, which goes back an hour each autumn: a link would be of
        the future.
        """
        return datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
