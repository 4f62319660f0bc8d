"""What must be right before anything is served, sent or asked: the checks with the tag ``start``."""

import sys

START = "start"


def refuse_unless_ready() -> None:
    """End this process with one line for each thing that is wrong. Django must be set up."""
    from django.core.checks import run_checks

    wrong = [each for each in run_checks(tags=[START], include_deployment_checks=True) if each.is_serious()]
    if not wrong:
        return
    for each in wrong:  # celery's clock has put something of its own in the place of sys.stderr
        print(f"Steentje does not start: {each.msg}", file=sys.__stderr__, flush=True)
    sys.exit(1)
