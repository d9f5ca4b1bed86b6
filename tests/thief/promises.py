"""Who sees what, as the page says it. `test_stolen_copies.py` holds each line against what somebody really finds."""

from tests.thief.thieves import (
    Sight,
    database_alone,
    everything_but_root,
    everything_ever,
    everything_now,
    keystore_alone,
    root_alone,
)

of_rows = {Sight.PEOPLE, Sight.TIMES, Sight.SIZES, Sight.EXISTENCE}
after_a_recall = {*of_rows, Sight.SUBJECTS, Sight.REASONS, Sight.STANDING, Sight.OWN_COPY, Sight.SIGN_IN}

by_files = {
    database_alone: of_rows,
    keystore_alone: {Sight.TIMES, Sight.EXISTENCE},
    root_alone: set[Sight](),
    everything_but_root: of_rows,
    everything_now: after_a_recall,
    everything_ever: {*after_a_recall, Sight.RECALLED, Sight.GONE},
}
by_visiting: dict[str, set[Sight]] = {
    "an administrator's login": set(),
    "another account, and every id from a stolen database": set(),
    "an account of another platform with the same address, and every id": set(),
    "no account, and every id": set(),
}
everybody = by_files | by_visiting
