"""The group picker: what it carries for the script that counts along."""

import json
import re
from html import unescape

from django.urls import reverse

from cases.actions import group
from cases.views.labels import ADVICE


def test_the_page_carries_the_advice_for_every_group_that_can_be_chosen_on_it(world):
    url = reverse("case-step", args=[world.mine.case.pk, 1, "gather", "group"])
    page = world.client("teacher").get(url).content.decode()
    pupils = page.count("data-pupil")
    table = json.loads(unescape(re.search(r'data-table="([^"]*)"', page)[1]))
    sentences = re.findall(r'<template data-advice="(\w+)"', page)
    assert pupils and sentences == list(ADVICE)
    for involved in range(pupils + 1):
        for others in range(pupils - involved + 1):
            notes = [(sentences[place], n) for place, n in table[involved][others]]
            assert notes == group.advice(involved, others), (involved, others)
