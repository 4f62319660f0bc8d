"""Reads docs/guide/inventory.md: what the guide asks, item by item."""

import re
from dataclasses import dataclass

from .method_texts import ROOT


@dataclass(frozen=True)
class Row:
    """One row of the inventory: its id and how much of each kind it wants."""

    id: str
    kinds: frozenset
    floors: dict
    per_pupil: bool

    def floor(self, kind: str) -> int:
        return self.floors.get(kind, 1)


def inventory() -> list[Row]:
    rows = []
    for line in (ROOT / "docs" / "guide" / "inventory.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not (line.startswith("|") and re.fullmatch(r"[MPSB]\d+(\.\d+)?", cells[0])):
            continue
        parts = [part.strip() for part in cells[1].split("+")]
        floors = {}
        for part in parts:
            if number := re.search(r"[≥×](\d+)", part):
                floors[part.split()[0]] = int(number.group(1))
        rows.append(
            Row(
                cells[0],
                frozenset(part.split()[0] for part in parts),
                floors,
                "per pupil" in cells[1],
            )
        )
    return rows
