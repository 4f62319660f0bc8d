"""How a person likes to print: remembered on the person, and read with care.

What stands in the database may be from an older release or from a mistake: whatever is not known
here becomes the default, silently, because a wrong choice is one press away from the right one.
"""

from dataclasses import asdict, dataclass, fields
from typing import Any

from .slip_formats import FORMATS

# Second languages for a slip. The frame is translated, the idea stays as the child said it.
SECOND = ("nl", "en", "de", "fr")
REPORT_PARTS = ("steps", "group", "talks", "appointments", "scale", "words")
MOST_SPARE = 24


@dataclass(frozen=True)
class Choices:
    """``format``, ``bigger``, ``second`` and ``spare`` are about slips: spare None fills the last
    leaf. ``shows_name``: the supported pupil's name may stay in an idea, if the school allows it.
    ``open_day``: cards with lines for day and time. ``parts``: chapters of the report.
    """

    format: str = "a6x4"
    bigger: bool = False
    second: str = ""
    spare: int | None = None
    shows_name: bool = False
    open_day: bool = False
    logo: bool = True
    parts: tuple[str, ...] = REPORT_PARTS

    def as_json(self) -> dict[str, Any]:
        """What is kept on the person or in an order: plain values only."""
        return asdict(self) | {"parts": list(self.parts)}

    def spare_for(self, count: int) -> int:
        """Empty slips beside ``count`` written ones: as many as chosen, or what fills the last
        leaf.
        """
        return -count % FORMATS[self.format].on_a_page if self.spare is None else self.spare


def read(raw: object) -> Choices:
    """The choices in what was kept; the default for each that is missing or wrong."""
    raw = raw if isinstance(raw, dict) else {}
    kept: dict[str, Any] = {}
    for field in fields(Choices):
        value = raw.get(field.name)
        if field.name != "parts" and field.name in raw and _right(field.name, value):
            kept[field.name] = value
    parts = raw.get("parts")
    # A chapter that we no longer print, or do not know, is left out; the others stay as they were
    # chosen.
    if chosen := tuple(part for part in REPORT_PARTS if isinstance(parts, list) and part in parts):
        kept["parts"] = chosen
    return Choices(**kept)


def _right(name: str, value: Any) -> bool:
    if name == "format":
        return isinstance(value, str) and value in FORMATS
    if name == "second":
        return isinstance(value, str) and value in ("", *SECOND)
    if name == "spare":
        whole = isinstance(value, int) and not isinstance(value, bool)
        return value is None or (whole and 0 <= value <= MOST_SPARE)
    return isinstance(value, bool)
