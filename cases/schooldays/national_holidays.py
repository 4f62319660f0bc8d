"""Public holidays of a country or a part of it, as the holidays library knows them.

Countries, parts and languages are the library's codes or names. What was read is kept, so that
asking day by day costs little.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache

import holidays


@cache
def _countries() -> Mapping[str, list[str]]:
    return holidays.list_supported_countries(include_aliases=False)


def check_region(country: str, subdivision: str) -> None:
    """Nothing when both can be asked for; each may be "".

    ValueError: a country or a part of it that the library does not know, a part without a country.
    """
    if not country:
        if subdivision:
            raise ValueError("A subdivision needs a country.")
        return
    if country not in _countries():
        raise ValueError(f"No public holidays are known for country {country!r}.")
    if subdivision:
        try:
            holidays.country_holidays(country, subdiv=subdivision)
        except NotImplementedError:
            raise ValueError(f"{subdivision!r} is not a part of country {country!r}.") from None


@cache
def _known_languages(country: str) -> tuple[tuple[str, ...], str | None]:
    known = holidays.country_holidays(country)
    return tuple(known.supported_languages), known.default_language


@lru_cache(maxsize=512)
def language_for(country: str, language: str) -> str | None:
    """The library's code for a reader's language; otherwise the country's own language.

    Always explicit: left alone, the library follows the environment of the server.
    """
    known, default = _known_languages(country)
    wanted = language.replace("-", "_").lower()
    exact = [code for code in known if code.lower() == wanted]
    related = [code for code in known if code.lower().split("_")[0] == wanted.split("_")[0]]
    return next(iter(exact + related), default)


@lru_cache(maxsize=2048)
def holidays_of(
    country: str, subdivision: str, year: int, language: str | None
) -> Mapping[date, str]:
    """The public holidays of a year by day, named in a language of the library's (see
    `language_for`). ``subdivision`` "": those of the whole country.
    """
    return dict(
        holidays.country_holidays(
            country, subdiv=subdivision or None, years=year, expand=False, language=language
        ).items()
    )
