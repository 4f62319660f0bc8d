"""Forms: what a page of the method asks, as fields; and the few forms that are no page."""

from .page_form import PageForm, form_for

__all__ = ["PageForm", "form_for"]
