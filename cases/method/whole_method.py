"""The whole method: its steps and moments in order, and what can be asked of them together.

Which step comes next, where a round begins and ends, which pages stand on one sheet or make one
talk, and which ids of the inventory are declared. What it is made of has its shapes in `grammar`;
like those, it imports nothing of Django's models.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from cases.method.grammar import MEMBER, Mind, Moment, Page, Rule, Step


class _Covers(Protocol):
    """What names the inventory ids that it covers."""

    @property
    def covers(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Method:
    """The whole method: the page before it starts, its moments, its steps in order, and the later
    checks.
    """

    intake: Page
    moments: tuple[Moment, ...]
    steps: tuple[Step, ...]
    rules: tuple[Rule, ...] = ()
    mind: tuple[Mind, ...] = ()
    later: tuple[Page, ...] = ()  # the checks after it got better, by the kind of their appointment
    _by_key: dict[str, Step] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        self._by_key.update({step.key: step for step in self.steps})
        if self.steps and not self.steps[-1].ends_round:
            raise ValueError("the last step does not declare that it ends the round")

    def step(self, key: str) -> Step:
        """The step with this key; KeyError when there is none."""
        return self._by_key[key]

    def number(self, key: str) -> int:
        """Its place in the method, from 1."""
        return self.steps.index(self._by_key[key]) + 1

    def after(self, key: str) -> Step | None:
        """The next step, or None after the last."""
        place = self.number(key)
        return self.steps[place] if place < len(self.steps) else None

    def first_step(self, round_number: int = 1) -> Step:
        """The step at which a round begins."""
        if round_number > 1:
            return next(step for step in self.steps if step.begins_later_rounds)
        return self.steps[0]

    def from_step(self, key: str) -> tuple[Step, ...]:
        """This step and those after it, in order."""
        return self.steps[self.number(key) - 1 :]

    def ends_round(self, step: Step) -> bool:
        """Whether the round ends when this step is finished."""
        return [each for each in self.steps if each.ends_round][-1] is step

    def moment(self, key: str) -> Moment:
        """The moment with this key; KeyError when there is none."""
        for moment in self.moments:
            if moment.key == key:
                return moment
        raise KeyError(key)

    def comes_after_wait(self, step: Step) -> bool:
        """Whether this step comes after the waiting time."""
        before = self.moments[: self.moments.index(self.moment(step.moment))]
        return any(moment.wait for moment in before)

    def page_for(self, purpose: str) -> tuple[Step, Page] | None:
        """The first page with a question of this purpose, and its step; None when there is none."""
        for step in self.steps:
            if page := step.page_for(purpose):
                return step, page
        return None

    def held_in(self, kind: str) -> Step | None:
        """The step in which an appointment of this kind is held; None when there is none."""
        for step in self.steps:
            if any(kind in (page.holds, page.completes) for page in step.pages):
                return step
        return None

    def sheet_of(self, step: Step, page: Page) -> str:
        """The printed sheet that a page stands on: its own, that of its moment, or one of the step;
        "" when it is not printed.
        """
        own = page.on_sheet or self.moment(step.moment).on_sheet
        return own or (step.key if page.sheet_title else "")

    def pages_on_sheet(self, key: str) -> tuple[tuple[Step, Page], ...]:
        """The pages on a printed sheet, in order, each with its step."""
        return tuple(
            (step, page)
            for step in self.steps
            for page in step.pages
            if self.sheet_of(step, page) == key
        )

    def step_of_paper(self, key: str) -> Step:
        """The step in which a letter, card or slip is needed; the one that ends the round for what
        no step declares.
        """
        return next((step for step in self.steps if key in step.papers), self.steps[-1])

    def before(self, key: str) -> tuple[Step, ...]:
        """The steps that come before this one, in order."""
        return self.steps[: self.number(key) - 1]

    def in_moment(self, moment: str) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.moment == moment)

    def talk_of(self, step: Step | None, page: Page) -> tuple[tuple[Step | None, Page], ...]:
        """The pages of the talk that this page is part of, in order, each with its step.

        Empty when the page has no audience. Step None: a later check, a talk by itself.
        """
        if not page.audience:
            return ()
        if step is None:
            return ((None, page),)
        return next(tuple(talk) for talk in self._talks_in(step.moment) if (step, page) in talk)

    def _talks_in(self, moment: str) -> list[list[tuple[Step, Page]]]:
        talks: list[list[tuple[Step, Page]]] = []
        for step in self.in_moment(moment):
            for page in step.pages:
                if not page.audience:
                    continue
                before = talks[-1][-1][1] if talks else None
                goes_on = before and not page.holds and before.audience == page.audience
                if goes_on and page.kind != MEMBER:
                    talks[-1].append((step, page))
                else:
                    talks.append([(step, page)])
        return talks

    def later_page(self, key: str) -> Page:
        """The page of a later check; KeyError when there is none."""
        for page in self.later:
            if page.key == key:
                return page
        raise KeyError(key)

    def pages(self) -> Iterator[Page]:
        """Every page, the intake first and the later checks last."""
        yield self.intake
        for step in self.steps:
            yield from step.pages
        yield from self.later

    def covered(self) -> set[str]:
        """Every inventory id that is declared somewhere."""
        declared: tuple[_Covers, ...] = (*self.rules, *self.mind, *self.steps)
        ids = {item for part in declared for item in part.covers}
        for page in self.pages():
            ids.update(page.covers)
            parts: tuple[_Covers, ...] = (*page.mind, *page.questions, *page.all_say())
            for part in parts:
                ids.update(part.covers)
        return ids

    def phrase_count(self, inventory_id: str) -> int:
        """How many example phrases are declared for an inventory id."""
        return sum(
            len(say.lines)
            for page in self.pages()
            for say in page.all_say()
            if inventory_id in say.covers
        )
