"""The question grid on plain forms: what a reader sees and hears, and that nothing typed becomes
markup.
"""

import re

from django import forms
from django.template import Context, Template

from cases.method import grammar
from cases.templatetags import questions


def render(source, **context):
    return Template("{% load questions %}" + source).render(Context(context))


class QuestionForm(forms.Form):
    use_required_attribute = False
    told = forms.CharField(widget=forms.Textarea)
    wish = forms.ChoiceField(
        choices=[("", "-"), ("yes", "Yes, {name}"), ("no", "No")], widget=forms.RadioSelect
    )
    how = forms.IntegerField(required=False)
    done = forms.BooleanField(required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say = (grammar.Say("start", "Ask {name}", ("Is it fine, {name}?",)),)
        self.fields["told"].question = grammar.Question(
            "told", "About {name}", hint="Short", say=say, required=True
        )
        self.fields["wish"].question = grammar.Question("wish", "And {name}?", grammar.CHOICE)
        ends = (grammar.Choice("0", "bad"), grammar.Choice("10", "good"))
        self.fields["how"].question = grammar.Question(
            "how", "A number", grammar.SCALE, choices=ends
        )
        self.fields["done"].question = grammar.Question("done", "Told {name}", grammar.CHECK)


def question(name, form=None, **context):
    form = form or QuestionForm()
    context = {"pupil_name": "N<o>or", **context}
    return render('{% include "cases/_question.html" %}', field=form[name], **context)


def test_a_question_shows_label_hint_and_phrases_with_the_name():
    html = question("told")
    assert (
        "About N&lt;o&gt;or" in html
        and "Is it fine, N&lt;o&gt;or?" in html
        and "N<o>or" not in html
    )
    assert re.search(r'<textarea[^>]*aria-describedby="id_told_hint id_told_error"', html)
    assert 'aria-required="true"' in html and not re.search(r"<textarea[^>]* required", html)
    assert re.search(r"<details[^>]* open", html)


def test_an_error_stands_at_its_field_and_is_announced():
    html = question("told", QuestionForm({"told": ""}))
    assert 'aria-invalid="true"' in html
    assert not re.search(r'id="id_told_error"[^>]*hidden', html)
    assert re.search(r'id="id_told_error"[^>]*hidden', question("told"))


def test_choices_are_radios_in_a_named_group_without_an_empty_one():
    html = question("wish", QuestionForm(initial={"wish": "no"}))
    assert "<fieldset" in html and "And N&lt;o&gt;or?" in html and "Yes, N&lt;o&gt;or" in html
    assert re.findall(r'type="radio"[^>]*value="(\w*)"', html) == ["yes", "no"]
    assert re.search(r'value="no"\s+checked', html)


def test_zero_on_the_scale_is_an_answer():
    html = question("how", QuestionForm(initial={"how": 0}))
    assert re.findall(r'value="(\d*)"\s+checked', html) == ["0"]
    assert re.findall(r'value="(\d*)"\s+checked', question("how")) == [""]
    assert "0 = bad" in html and "10 = good" in html


def test_a_box_keeps_its_tick():
    assert "checked" in question("done", QuestionForm(initial={"done": True}))
    assert "checked" not in question("done", QuestionForm(initial={"done": False}))


def test_no_question_carries_inline_style_script_or_a_stray_comment():
    pieces = [question(name) for name in ("told", "wish", "how", "done")]
    pieces.append(render('{% include "cases/_edit_conflict.html" %}'))
    assert not re.search(r"style=|<script|\son\w+=|\{#", "".join(pieces))


def test_a_message_that_fields_share_stands_once_in_the_summary():
    class Form(forms.Form):
        first = forms.CharField(label="Eerst", error_messages={"required": "Vul dit in."})
        second = forms.CharField(label="Dan", error_messages={"required": "Vul dit in."})

    lines = questions.error_lines(Form({}, auto_id="q-%s"))
    assert lines == [{"id": "q-first", "text": "Vul dit in."}, {"id": "q-second", "text": "Dan"}]
