"""Starts `remote_setup.py` in a process of its own: its models need Django to be set up first."""

from importlib import import_module

import django

if __name__ == "__main__":
    django.setup()
    import_module("cases.tests.browser.remote_setup").main()
