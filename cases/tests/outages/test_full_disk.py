"""A disk that is really full under the served application, and has room again. Needs root, for a
small tmpfs.
"""

import os

from .servers import Browser, Site, fill, small_disk
from .staff import PEOPLE, saves_of

FULL = os.environ.get("STEENTJE_FAULTS") == "full"
ROUNDS = 20 if FULL else 2
SIGN_INS = 3  # more from one address in a minute are refused for another reason


def test_reading_goes_on_text_comes_back_and_saving_goes_on_by_itself(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    with small_disk(disk):
        site = Site(disk, STEENTJE_BROKER_URL="filesystem://localhost")
        try:
            _tried(site, disk)
        finally:
            site.stop()


def _tried(site, disk):
    site.prepare()
    places = saves_of(site, cases=ROUNDS * 12 + 4)
    web = site.serve()
    anna = Browser(site.address)
    assert anna.sign_in(PEOPLE[0]).status == 302
    kept, refused, number = {}, 0, 0
    for round_number in range(ROUNDS):
        filler = fill(disk)
        for _ in range(10):
            path, words = places[number], f"tekst {number} " + "lang " * 600
            number += 1
            before = anna.get(path)
            assert before.status == 200, "reading goes on"
            itself = anna.post(path, {"version": "0", "know": words}, itself=True)
            if itself.status == 200:
                kept[path] = words
                continue
            assert itself.status == 507 and itself.body == '{"unsaved": "full"}'
            refused += 1
            page = anna.post(path, {"version": "0", "know": words, "go": "next"})
            if page.status == 507:
                assert "Niet bewaard: de schijf van de server is vol." in page.body
                assert words.strip() in page.body and "data-autosave" in page.body
            else:
                assert page.status == 302
                kept[path] = words
        if round_number < SIGN_INS:
            answer = Browser(site.address).sign_in(PEOPLE[1])
            # What is small may still fit into what SQLite has of the disk already.
            assert answer.status == 302 or (
                answer.status == 507 and "de schijf van de server is vol" in answer.body
            )
        filler.unlink()
        path, words = places[number], f"met ruimte {number}"
        number += 1
        assert anna.get(path).status == 200
        assert anna.post(path, {"version": "0", "know": words}, itself=True).status == 200
        kept[path] = words
        if round_number < SIGN_INS:
            assert Browser(site.address).sign_in(PEOPLE[1]).status == 302
    assert refused >= ROUNDS
    for path, words in kept.items():
        assert words.strip() in anna.get(path).body
    print(
        f"\nfull disk: {ROUNDS} times, {refused} saves refused with their text, "
        f"{len(kept)} kept, 0 lost"
    )
    said = site.said(web)
    assert "Traceback" not in said
    assert said.count("outage (full)") <= 2 + ROUNDS, said
