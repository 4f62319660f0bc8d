"""How static files are named when they are served."""

import os
import re
import subprocess
import sys

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
    imported = {
        path.rpartition("/")[2]
        for new in named.values()
        for path in re.findall(r'^import .*"(.*)";', (tmp_path / new).read_text(), re.MULTILINE)
    }
    assert imported
    for name in imported:
        assert re.fullmatch(r"\w+\.[0-9a-f]{12}\.js", name)
        assert (tmp_path / "js" / name).exists()


def test_an_installation_serves_them_so():
    """Asked of another process: the tests themselves use plain names."""
    code = "from noblame import settings; print(settings.STORAGES['staticfiles']['BACKEND'])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "STEENTJE_STATIC_MANIFEST": "1"},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == f"{HashedFiles.__module__}.{HashedFiles.__qualname__}"
