"""Words that the group does not hear are pointed out once; a second press goes on (S3.2)."""

import re

import pytest
from django.urls import reverse

from cases.actions.page_location import location_of
from cases.actions.pages import values_of
from cases.method import METHOD

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
WORD = "pesten"
GUARDED = [
    pytest.param(step.key, page.key, question, id=f"{page.key}-{question.key}")
    for step in METHOD.steps
    for page in step.pages
    for question in page.questions
    if question.guarded
]


@pytest.mark.parametrize(("step", "page", "question"), GUARDED)
@pytest.mark.parametrize("go", ["next", "finish"])
def test_a_word_to_avoid_is_pointed_out_once(world, step, page, question, go):
    told, client = world.mine, world.client("teacher")
    url = reverse("case-step", args=[told.case.pk, 1, step, page])
    location = location_of(told.case, told.round, step, page)
    member = f":{told.members[0].pk}" if question.per_member else ""
    field, said = question.key + member, f"Wij praten over {WORD} in de klas"
    values = {**values_of(location), field: said, "version": location.record().version}
    first = client.post(url, {**values, "go": go})
    html = first.content.decode()
    assert first.status_code in (200, 422) and f"Zeg dit liever niet tegen de groep: {WORD}" in html
    assert values_of(location)[field] == said
    sent_along = dict(HIDDEN.findall(html.partition('id="page-form"')[2]))
    again = client.post(url, {**values, **sent_along, "go": go})
    assert again.status_code == 302
    assert values_of(location)[field] == said
