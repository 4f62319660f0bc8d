"""What must be right before anything is served, sent or asked: the checks with the tag
``start``.
"""

import sys

START = "start"


def refuse_unless_ready() -> None:
    """End this process with one line for each thing that is wrong; say what is only a warning and
    go on.

    Django must be set up.
    """
    from django.core.checks import run_checks

    found = run_checks(tags=[START], include_deployment_checks=True)
    wrong = [each for each in found if each.is_serious()]
    for each in found:  # celery's clock has put something of its own in the place of sys.stderr
        says = "Steentje does not start" if each in wrong else "Warning"
        print(f"{says}: {each.msg}", file=sys.__stderr__, flush=True)
    if wrong:
        sys.exit(1)
