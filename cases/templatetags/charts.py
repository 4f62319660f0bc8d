"""``{% load charts %}``: drawings of numbers over time."""

from django import template

from cases.formats import scale_chart

register = template.Library()

scale_line = register.inclusion_tag("cases/_scale_chart.html")(scale_chart.scale_line)
