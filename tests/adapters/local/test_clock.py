"""The room's clock: it goes with the machine's, ahead of it, or not at all, and never back."""

from datetime import timedelta

from adapters.local.clock import START, RoomClock, StoryClock

HOUR = timedelta(hours=1)


def test_it_shows_the_machines_time_until_it_is_moved() -> None:
    real = StoryClock()
    clock = RoomClock(real)
    before = clock.now()
    clock.move_to(START + 5 * HOUR)
    moved = clock.now()
    real.move_to(START + HOUR)

    assert (before, moved, clock.now()) == (START, START + 5 * HOUR, START + 6 * HOUR)


def test_it_never_goes_back() -> None:
    clock = RoomClock(StoryClock())

    clock.move_to(START - HOUR)

    assert clock.now() == START


def test_stopped_it_stands_still_can_be_moved_and_goes_on_from_there() -> None:
    real = StoryClock()
    clock = RoomClock(real)
    clock.stop()
    real.move_to(START + HOUR)
    stood = clock.now()
    clock.move_to(START + 3 * HOUR)
    clock.go_on()
    real.move_to(START + 2 * HOUR)

    assert (stood, clock.now(), clock.is_stopped) == (START, START + 4 * HOUR, False)


def test_it_is_the_same_after_a_restart_and_the_machines_when_nothing_is_known() -> None:
    real = StoryClock()
    running, stopped, again = RoomClock(real), RoomClock(real), RoomClock(real)
    running.move_to(START + HOUR)
    stopped.move_to(START + 2 * HOUR)
    stopped.stop()

    read = []
    for state in (running.state(), stopped.state(), ""):
        again.restore(state)
        read.append((again.now(), again.is_stopped))

    assert read == [(START + HOUR, False), (START + 2 * HOUR, True), (START, False)]
