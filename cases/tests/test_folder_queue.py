"""The queue in a folder: what nobody needs to read any more does not pile up."""

import datetime

import pytest
from celery import Celery

from noblame import folder_queue


@pytest.fixture
def queue(tmp_path):
    folder_queue.use()
    app = Celery("queue", broker="filesystem://localhost", set_as_current=False)
    app.conf.broker_transport_options = {
        "data_folder_in": str(tmp_path),
        "data_folder_out": str(tmp_path),
        "control_folder": str(tmp_path / "control"),
        "store_processed": False,
    }
    return app


def test_without_a_worker_expired_messages_do_not_pile_up(queue, tmp_path):
    gone = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=5)
    for _beat in range(50):
        queue.send_task("look", expires=gone)
    assert len(list(tmp_path.glob("*.msg"))) == 1


def test_what_has_time_left_or_no_end_or_cannot_be_read_stays(queue, tmp_path):
    (tmp_path / "1_half.celery.msg").write_bytes(b"{")
    (tmp_path / "2_foreign.other.msg").write_bytes(b"{}")
    queue.send_task("look", expires=3600)
    queue.send_task("look")
    queue.send_task("look")
    assert len(list(tmp_path.glob("*.msg"))) == 5
