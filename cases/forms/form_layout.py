"""One layout object for crispy-forms: a question with its fields, drawn by its own template."""

from crispy_forms.layout import LayoutObject
from crispy_forms.utils import TEMPLATE_PACK
from django.template.loader import render_to_string


class Block(LayoutObject):
    """A question of the method: ``template`` gets ``question``, ``fields`` (bound) and ``part``."""

    def __init__(self, template, question, names, part=None):
        self.template, self.question, self.names, self.part = template, question, names, part
        self.page_say = ()  # the page's own phrases stand beside its first question
        self.fields = list(names)

    def render(self, form, context, template_pack=TEMPLATE_PACK, **kwargs):
        # Tells crispy that these fields have been drawn, so that it does not draw them again.
        if hasattr(form, "rendered_fields"):
            form.rendered_fields.update(self.names)
        data = context.flatten()
        data.update(
            question=self.question,
            page_say=self.page_say,
            bound=[form[name] for name in self.names],
            part=self.part,
            form=form,
        )
        return render_to_string(self.template, data)
