"""The keystroke-level model: what a person's hands and head do, counted while a browser does it.

Operators and times as published: S. K. Card, T. P. Moran and A. Newell, "The keystroke-level model
for user performance time with interactive systems", Communications of the ACM 23(7), 1980, 396-410,
and "The Psychology of Human-Computer Interaction", 1983, chapter 8. B, a mouse button going down or
up, came with the model's later use (D. Kieras, "Using the keystroke-level model to estimate
execution times", 1993).

Where M, the mental preparation, is placed: rule 0 of the paper puts one before every answer (a
text, a choice, a day, a pupil for the group) and before every button or link that leaves a page.
Rules 1 to 4 take the others away: none between pointing at a field and typing in it, none within a
text, none before Tab.

The model predicts the time of someone who knows the pages, makes no mistakes and knows what to
write. Time to read and to think about a child is not in it, and it is not meant to be.
"""

from dataclasses import dataclass, field

SECONDS = {
    "K": 0.28,  # a key, the average typist who is no secretary (40 words a minute)
    "P": 1.10,  # pointing with the mouse
    "B": 0.10,  # a mouse button down, or up
    "H": 0.40,  # the hand from the keyboard to the mouse, or back
    "M": 1.35,  # mental preparation
}
SKILLED_K = 0.20  # 55 words a minute

# Not in the model: a turn of the wheel over at most one screen, taken for as long as pointing.
SCROLL = 1.10

_SHIFTED = set('!@#$%^&*()_+{}|:"<>?~“”‘')

MOST_TABS = 4
DAY_STARTS = {"x": 16, "y": 10}  # pixels

NEXT_STOP = """(target) => {
  const wanted = "input:not([type=hidden]), select, textarea, button, a[href], summary";
  const all = [...document.querySelectorAll(wanted)].filter((each) => each.getClientRects().length
    && !each.disabled && !(each.type === "radio" && !each.checked));
  return document.activeElement !== document.body
    && all[all.indexOf(document.activeElement) + 1] === target;
}"""
OUT_OF_SIGHT = """(target) => {
  const {top, bottom} = target.getBoundingClientRect();
  const bars = [...document.querySelectorAll(".st-bar")].filter((bar) => !bar.contains(target))
    .map((bar) => [bar.getBoundingClientRect(), getComputedStyle(bar).position])
    .filter(([, position]) => position === "sticky" || position === "fixed");
  const tops = bars.map(([box]) => box.top).filter((at) => at > innerHeight / 2);
  const low = Math.min(innerHeight, ...tops);
  return top < 0 ? -top / innerHeight : bottom > low ? (bottom - low) / innerHeight : 0;
}"""


@dataclass
class Hands:
    """A teacher at a page: every act goes to the browser and is counted on the way."""

    page: object
    counts: dict = field(default_factory=lambda: dict.fromkeys("KPBHM", 0))
    clicks: int = 0
    scrolls: int = 0
    typed: int = 0
    at_keyboard: bool = False

    def _to(self, keyboard: bool) -> None:
        if self.at_keyboard != keyboard:
            self.counts["H"] += 1
            self.at_keyboard = keyboard

    def _point_and_click(self, target, times: int = 1) -> None:
        self._to(keyboard=False)
        screens = target.evaluate(OUT_OF_SIGHT)
        if screens > 0:
            self.scrolls += -int(-screens // 1)
            target.evaluate("(each) => each.scrollIntoView({block: 'center'})")
        self.counts["P"] += 1
        self.counts["B"] += 2 * times
        self.clicks += times
        # Where a day is typed, its first part is at the left.
        place = DAY_STARTS if target.get_attribute("type") == "date" else None
        target.click(click_count=times, position=place)

    def choose(self, target) -> None:
        """Think, point, click: a choice, a day, a button."""
        self.counts["M"] += 1
        self._point_and_click(target)

    def leave(self) -> None:
        """Think about what the page has filled in already, and let it stand."""
        self.counts["M"] += 1

    def write(self, target, text: str) -> None:
        """Go to a field, by Tab when it is the next stop, and type."""
        self.counts["M"] += 1
        if target.evaluate(NEXT_STOP):
            self._to(keyboard=True)
            for _stop in range(MOST_TABS):  # a day has a stop of its own for its calendar
                self.counts["K"] += 1
                self.page.keyboard.press("Tab")
                if target.evaluate("(each) => document.activeElement === each"):
                    break
        else:
            # Three clicks take what stands there, so that typing replaces it, as Tab does.
            self._point_and_click(target, times=3 if target.input_value() else 1)
        self._to(keyboard=True)
        self.counts["K"] += len(text) + sum(char.isupper() or char in _SHIFTED for char in text)
        self.typed += len(text)
        self.page.keyboard.type(text)

    def seconds(self, key: float = SECONDS["K"]) -> float:
        """The time by the model, scrolling included, without the machine's response."""
        times = SECONDS | {"K": key}
        return (
            sum(times[name] * count for name, count in self.counts.items()) + SCROLL * self.scrolls
        )
