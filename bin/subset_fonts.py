#!/usr/bin/env python3
"""Makes the fonts of scripts other than Latin, Cyrillic and Arabic for paper, from whole Noto
fonts.

    python bin/subset_fonts.py FOLDER [--to static/fonts]

FOLDER holds, in whatever folders, the files of Debian's fonts-noto-core and fonts-noto-cjk, and
Noto Emoji as ``noto-emoji-emoji-500-normal.woff2`` (npm: @fontsource/noto-emoji). Only for who adds
a script: what it makes is in the repository. A script is added here, in
cases/printing/typefaces.py, in static/css/print-fonts.css and in the list of ``@bottom-left`` in
static/css/print-letters.css.
"""

import argparse
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.woff2 import WOFF2FlavorData

# Script to Noto family. All code points of the family are kept: they are small.
SCRIPTS = {
    "armenian": "NotoSansArmenian",
    "bengali": "NotoSansBengali",
    "devanagari": "NotoSansDevanagari",
    "ethiopic": "NotoSansEthiopic",
    "georgian": "NotoSansGeorgian",
    "gujarati": "NotoSansGujarati",
    "gurmukhi": "NotoSansGurmukhi",
    "hebrew": "NotoSansHebrew",
    "kannada": "NotoSansKannada",
    "khmer": "NotoSansKhmer",
    "lao": "NotoSansLao",
    "malayalam": "NotoSansMalayalam",
    "myanmar": "NotoSansMyanmar",
    "sinhala": "NotoSansSinhala",
    "syriac": "NotoSansSyriac",
    "tamil": "NotoSansTamil",
    "telugu": "NotoSansTelugu",
    "thai": "NotoSansThai",
    "tibetan": "NotoSerifTibetan",
    "tifinagh": "NotoSansTifinagh",
}
ONE_WEIGHT = ("syriac", "tibetan", "tifinagh")  # without a bold one, or large
# Greek, the rest of Latin and Cyrillic, and accents that stand on any letter: in one file, so that
# a letter and the accents on it come from the same font.
WIDE = (
    (0x20, 0x7E), (0xA0, 0x52F), (0x1D00, 0x1FFF), (0x2000, 0x20CF), (0x2100, 0x218F),
    (0x2C60, 0x2C7F), (0x2DE0, 0x2DFF), (0xA640, 0xA69F), (0xA720, 0xA7FF), (0xFB00, 0xFB06),
)  # fmt: skip
SIGNS = ((0x20, 0x20), (0xA0, 0xA0), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x25A0, 0x25FF))


def of_ranges(ranges) -> set[int]:
    return {code for first, last in ranges for code in range(first, last + 1)}


def decoded(encoding: str, rows, columns) -> set[int]:
    """The letters of a two-byte encoding: the usual ones of a language."""
    found = set()
    for row in rows:
        for column in columns:
            try:
                found.update(map(ord, bytes((row, column)).decode(encoding)))
            except UnicodeDecodeError:
                continue
    return found


def east_asian() -> set[int]:
    """Chinese as taught (GB 2312 and the first level of Big5), Japanese (JIS X 0208), Korean (KS X
    1001).
    """
    return (
        decoded("gb2312", range(0xA1, 0xF8), range(0xA1, 0xFF))
        | decoded("big5", range(0xA4, 0xC7), range(0x40, 0xFF))
        | decoded("euc_jp", range(0xA1, 0xF5), range(0xA1, 0xFF))
        | decoded("euc_kr", range(0xA1, 0xC9), range(0xA1, 0xFF))
        | of_ranges(
            [(0x20, 0x7E), (0xA0, 0xA0), (0x3000, 0x30FF), (0x3105, 0x312F), (0xFF01, 0xFF5E)]
        )
    )


def write(font: TTFont, codes, path: Path) -> None:
    options = subset.Options()
    options.hinting = False
    options.layout_features = ["*"]
    options.name_IDs = [0, 1, 2, 5, 13, 14]
    options.notdef_outline = True
    options.drop_tables += ["DSIG", "BASE", "VORG", "vhea", "vmtx", "STAT", "MATH"]
    picker = subset.Subsetter(options)
    picker.populate(unicodes=codes)
    picker.subset(font)
    font.flavor = "woff2"
    # Outlines as they are: taking them apart saves a tenth of the size and costs a second at the
    # first paper.
    font.flavorData = WOFF2FlavorData(transformedTables=())
    font.save(path)
    print(f"{path.stat().st_size:>9} {path.name}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("folder", type=Path)
    options.add_argument(
        "--to", type=Path, default=Path(__file__).resolve().parent.parent / "static/fonts"
    )
    chosen = options.parse_args()
    files = {
        path.name: path
        for path in chosen.folder.rglob("*")
        if path.suffix in (".ttf", ".ttc", ".woff2")
    }
    for style, weight in (("Regular", 400), ("Bold", 700)):
        for script, family in SCRIPTS.items():
            if weight == 700 and script in ONE_WEIGHT:
                continue
            font = TTFont(files[f"{family}-{style}.ttf"])
            write(font, font.getBestCmap(), chosen.to / f"noto-sans-{script}-{weight}.woff2")
        write(
            TTFont(files[f"NotoSans-{style}.ttf"]),
            of_ranges(WIDE),
            chosen.to / f"noto-sans-wide-{weight}.woff2",
        )
    write(
        TTFont(files["NotoSansMath-Regular.ttf"]),
        of_ranges(SIGNS),
        chosen.to / "noto-sans-signs-400.woff2",
    )
    # The one weight between thin and heavy would be Medium; Debian has Regular and Bold only. The
    # simplified Chinese shapes are font 2 of the collection.
    chinese = TTFont(files["NotoSansCJK-Regular.ttc"], fontNumber=2)
    write(chinese, east_asian(), chosen.to / "noto-sans-cjk-400.woff2")
    emoji = TTFont(files["noto-emoji-emoji-500-normal.woff2"])
    write(emoji, emoji.getBestCmap(), chosen.to / "noto-emoji-500.woff2")


if __name__ == "__main__":
    main()
