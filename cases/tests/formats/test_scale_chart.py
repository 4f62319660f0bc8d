"""The line from 0 to 10: heights, order, a line for each round, and one point alone."""

import itertools
import re
from xml.etree import ElementTree

import pytest
from django.template import Context, Template
from django.utils.translation import override


def point(value, case_round=1):
    return {"value": value, "round": case_round}


def draw(*points, name="Noor"):
    source = "{% load charts %}{% scale_line points name %}"
    svg = Template(source).render(Context({"points": list(points), "name": name}))
    return ElementTree.fromstring(svg.strip())  # noqa: S314  (our own drawing)


def circles(svg):
    return [(float(each.get("cx")), float(each.get("cy"))) for each in svg.iter("circle")]


def texts(svg, css):
    return [each.text.strip() for each in svg.iter("text") if each.get("class") == css]


def test_nought_is_at_the_bottom_and_ten_at_the_top():
    svg = draw(point(0), point(10), point(5))
    (_x, low), (_x, high), (_x, middle) = circles(svg)
    grid = {float(line.get("y1")) for line in svg.iter("line")}
    assert low == max(grid) and high == min(grid)
    assert middle == (low + high) / 2
    assert high < low, "a higher number stands higher"


def test_points_go_from_left_to_right_with_their_numbers():
    svg = draw(*(point(value) for value in (3, 6, 0, 10)))
    assert [x for x, _y in circles(svg)] == sorted({x for x, _y in circles(svg)})
    assert texts(svg, "value") == ["3", "6", "0", "10"]
    (line,) = svg.iter("polyline")
    assert [tuple(map(float, pair.split(","))) for pair in line.get("points").split()] == circles(
        svg
    )


def test_one_point_is_a_dot_without_a_line():
    svg = draw(point(4))
    assert len(circles(svg)) == 1 and not list(svg.iter("polyline"))


def test_each_round_has_a_line_of_its_own_and_a_mark_between():
    with override("en"):
        svg = draw(point(3), point(4), point(5, 2), point(8, 2))
    runs = [len(each.get("points").split()) for each in svg.iter("polyline")]
    assert runs == [2, 2]
    (mark,) = [each for each in svg.iter("line") if each.get("class") == "round"]
    xs = [x for x, _y in circles(svg)]
    assert xs[1] < float(mark.get("x1")) < xs[2]
    assert {"Round 1", "Round 2"} <= set(texts(svg, "label"))


@pytest.mark.parametrize("count", [1, 2, 8, 20])
def test_everything_lies_inside_the_drawing_and_no_points_touch(count):
    svg = draw(*(point(place % 11, 1 + place // 3) for place in range(count)))
    width = float(svg.get("viewBox").split()[2])
    xs = [x for x, _y in circles(svg)]
    assert all(10 < x < width - 10 for x in xs)
    assert all(after - before >= 24 for before, after in itertools.pairwise(xs))


def test_it_says_the_same_in_a_sentence_and_a_name_stays_text():
    svg = draw(point(3), point(8), name='"><script>')
    assert svg.get("role") == "img"
    assert '"><script>' in svg.get("aria-label") and "3, 8" in svg.get("aria-label")


def test_numbers_in_the_drawing_have_a_dot_in_dutch_too():
    with override("nl"):
        svg = draw(*(point(value) for value in (1, 7, 3)))
    attributes = [
        value
        for each in svg.iter()
        for key, value in each.attrib.items()
        if key in ("cx", "cy", "x", "y")
    ]
    assert not [value for value in attributes if not re.fullmatch(r"-?\d+(\.\d)?", value)]
