"""Keys are given before events are committed: a seal waits for whoever may still come below it."""

import random
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field

import pytest
from django.db import connection, transaction

from archiveportal.history.models import Event, Seal
from archiveportal.history.proving import prove
from archiveportal.history.sealing import StillOpen, seal_history, seal_if_possible

#: of a writer, while there is no seal yet
MOST_TURNS = 1_000
pytestmark = pytest.mark.django_db(transaction=True)
ADD = (
    "INSERT INTO history_event (occurred_at, actor_name, via, action, object_type, object_id, object_name, changes, "
    "reason) VALUES (now(), '', 'sql', 'created', 'x.y', 1, 'x', '{}', '')"
)


def add_event() -> int:
    event = Event(actor_name="", via="command", action="created", object_type="x.y", object_id=1, object_name="x")
    event.save(force_insert=True)
    return event.pk


# SQLite has one writer
@pytest.mark.only_postgresql
def test_a_seal_waits_for_an_open_transaction_with_a_lower_key():
    first = add_event()
    parts = connection.get_connection_params()
    with closing(connection.Database.connect(**parts)) as other:
        other.cursor().execute(ADD)
        later = add_event()
        assert later == first + 2
        with pytest.raises(StillOpen, match=r"history are open: process \d+ of \w+$"):
            seal_history(patience=0)
        seal_if_possible(patience=0.2)
        assert not Seal.objects.exists()
        other.commit()
        (seal,) = seal_history(patience=0)
        assert (seal.first_event, seal.last_event, seal.events) == (first, later, 3)
        # A key of a transaction that was rolled back is nobody's.
        other.cursor().execute(ADD)
        other.rollback()
    add_event()
    (second,) = seal_history()
    assert (second.events, second.first_event) == (1, later + 2)
    assert prove().faults == []


# SQLite has one moment in a transaction
@pytest.mark.only_postgresql
def test_a_transaction_that_sees_one_moment_alone_seals_nothing():
    add_event()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        with pytest.raises(StillOpen, match="one moment"):
            seal_history()


@dataclass
class Work:
    """What writers and sealers know of each other."""

    #: there are several seals: writers need not go on
    is_enough: threading.Event = field(default_factory=threading.Event)
    is_over: threading.Event = field(default_factory=threading.Event)
    faults: list[BaseException] = field(default_factory=list)

    def write(self, seed: int) -> None:
        """Add events in transactions of which some are rolled back and some take a while."""
        choose = random.Random(seed)
        try:
            for turn in range(MOST_TURNS):
                if turn > 15 and self.is_enough.is_set():
                    break
                with transaction.atomic():
                    for _event in range(choose.randint(1, 3)):
                        add_event()
                    time.sleep(choose.choice([0, 0, 0.01]))
                    transaction.set_rollback(choose.random() < 0.2)
        except BaseException as fault:
            self.faults.append(fault)
        finally:
            connection.close()

    def seal(self) -> None:
        try:
            while not self.is_over.wait(0.02):
                seal_if_possible(patience=0.3)
                if Seal.objects.count() > 2:
                    self.is_enough.set()
        except BaseException as fault:
            self.faults.append(fault)
        finally:
            connection.close()


def test_what_is_sealed_while_people_write_stays_proven():
    """Four writers and two who seal at the same time; every event is sealed once, in order."""
    work = Work()
    writers = [threading.Thread(target=work.write, args=(seed,)) for seed in range(4)]
    sealers = [threading.Thread(target=work.seal) for _each in range(2)]
    for thread in [*writers, *sealers]:
        thread.start()
    for thread in writers:
        thread.join(60)
    work.is_over.set()
    for thread in sealers:
        thread.join(60)
    assert work.faults == []
    seal_history(patience=5)
    proof = prove()
    assert proof.faults == []
    assert (proof.events, proof.unsealed) == (Event.objects.count(), 0)
    assert proof.seals > 2
