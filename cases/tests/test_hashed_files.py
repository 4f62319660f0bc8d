"""How static files are named when they are served."""

import re

from django.conf import settings
from django.core.files.storage import FileSystemStorage

from noblame.hashed_files import HashedFiles


def test_a_script_imports_another_by_the_name_of_its_content(tmp_path):
    source = FileSystemStorage(settings.BASE_DIR / "static")
    files = HashedFiles(location=str(tmp_path), base_url="/static/")
    scripts = {f"js/{each}": (source, f"js/{each}") for each in source.listdir("js")[1]}
    for name in scripts:
        with source.open(name) as script:
            files._save(name, script)
    made = files.post_process(scripts)  # compressed copies as well
    named = {name: new for name, new, _done in made if new.endswith(".js")}
    text = (tmp_path / named["js/autosave.js"]).read_text("utf-8")
    imported = re.findall(r'^import .* from "(.*)";', text, re.MULTILINE)
    assert len(imported) == 2
    for path in imported:
        assert re.fullmatch(r"\./\w+\.[0-9a-f]{12}\.js|/static/js/\w+\.[0-9a-f]{12}\.js", path)
