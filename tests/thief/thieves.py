"""Who may come to hold what, and what of it they see: the lines of the page's first table, each found by trying."""

import enum
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

from letterlock.domain.accounts import proving, resetting
from letterlock.domain.accounts.models import Account, ChallengePurpose
from letterlock.foundation.kernel.refusals import Refusal
from letterlock.foundation.vault import roots
from letterlock.foundation.vault.settings import vault_settings
from tests.domain.accounts import doing
from tests.thief import copies, scene
from tests.thief.burglar import Burglar, Loot, attempt
from tests.thief.copies import Copy
from tests.thief.scene import Letters, Stage

_days = count(1)  # each try on a day of its own, so that no throttle stands in a thief's way

database_alone = "the database, or any backup of it"
keystore_alone = "the keystore, or a snapshot of it"
root_alone = "the root key alone"
everything_but_root = "the database, the keystore, and old copies of both, **no root key**"
everything_now = "old backups of the database, the database and keystore of today, **and the root key**"
everything_ever = "the same, and a snapshot of the keystore **from before** something was taken back"


class Sight(enum.StrEnum):
    """What somebody may see, in the words of the page and in its order."""

    EXISTENCE = "that a letter exists"
    PEOPLE = "who wrote to whom, Bcc included"
    TIMES = "when"
    SIZES = "padded sizes"
    SUBJECTS = "subjects"
    REASONS = "reasons of recalls"
    STANDING = "letters that stand, and drafts"
    OWN_COPY = "recalled letters, through the sender's own copy"
    RECALLED = "recalled letters without that copy"
    GONE = "destroyed letters"
    SIGN_IN = "a way to sign in"


@dataclass(frozen=True)
class Thief:
    """What somebody holds. Where a store or the root key is missing, there is an empty or a forged one in its place."""

    holds: str
    databases: list[Copy]
    keystores: list[Copy]
    root: Path


@contextmanager
def robbed(stage: Stage, *, within: Path) -> Iterator[list[Thief]]:
    """Copies are taken when everything stands, and again when some of it was taken back."""
    with ExitStack() as held:

        def steal(store: str) -> Copy:
            return held.enter_context(copies.stolen(store, within=within))

        old_database, old_keystore = steal("database"), steal("keystore")
        scene.take_back(stage.letters, stage.people)
        database, keystore = steal("database"), steal("keystore")
        no_database, no_keystore = steal("database"), steal("keystore")
        platform_ids, own_root = copies.platforms_of(keystore), within / "thief" / "root.key"
        roots.create_root_key(own_root)
        copies.empty(no_database)
        copies.forge_keys(no_keystore, platform_ids=platform_ids, root=own_root, database=no_database)
        copies.raise_the_blank(keystore)
        root, both = vault_settings().root_key, [old_database, database]
        today, ever = [keystore], [old_keystore, keystore]
        yield [
            Thief(database_alone, both, [no_keystore], own_root),
            Thief(keystore_alone, [no_database], ever, own_root),
            Thief(root_alone, [no_database], [no_keystore], root),
            Thief(everything_but_root, both, ever, own_root),
            Thief(everything_now, both, today, root),
            Thief(everything_ever, both, ever, root),
        ]


def sights_of(thief: Thief, stage: Stage) -> set[Sight]:
    """What this thief sees."""
    loot = Burglar(databases=thief.databases, keystores=thief.keystores, root=thief.root).take_everything()
    seen = _of_rows(thief, loot, stage.letters.standing.id) | _of_letters(
        loot, stage.letters, sender=stage.people.alice
    )
    if any(signs_in(thief, keystore, as_=stage.people.bob) for keystore in thief.keystores):
        seen.add(Sight.SIGN_IN)
    return seen


def signs_in(thief: Thief, keystore: Copy, *, as_: Account) -> bool:
    """Whether the thief, who asks the running service to reset a password, can work out the code that is mailed."""
    at = doing.now + timedelta(days=next(_days))
    challenge = resetting.begin(
        platform=as_.platform, address=as_.address, browser="the thief's browser", network="198.51.100.9", at=at
    )
    # The id stands in the address of the page where the code is typed, so it needs no copy of the database.
    with copies.in_place_of_the_stores(thief.databases[-1], keystore, root=thief.root):
        code = attempt(proving.code_of, challenge)
    try:
        proving.prove(
            challenge.id,
            purpose=ChallengePurpose.RESET,
            code=code or "00000000",
            browser="the thief's browser",
            platform=as_.platform,
            at=at,
        )
    except Refusal:
        return False
    return True


def _of_rows(thief: Thief, loot: Loot, letter_id: UUID) -> set[Sight]:
    values = [value for one in (*thief.databases, *thief.keystores) for value in one.instants()]
    seen = {Sight.TIMES} if values else set()
    if loot.people:
        seen |= {Sight.PEOPLE}
    if any(one.sizes() for one in thief.databases):
        seen |= {Sight.SIZES}
    if any(letter_id in one.values() for one in (*thief.databases, *thief.keystores)):
        seen |= {Sight.EXISTENCE}
    return seen


def _of_letters(loot: Loot, letters: Letters, *, sender: Account) -> set[Sight]:
    opened, through = _opened_in(loot), loot.opened_through.get(letters.recalled.id, set())
    found = {
        Sight.SUBJECTS: {scene.subject, scene.draft_subject} <= set(loot.subjects.values()),
        Sight.REASONS: scene.reason in loot.reasons.values(),
        Sight.STANDING: {letters.standing.id, letters.draft.id} <= opened,
        Sight.OWN_COPY: sender.id in through,
        Sight.RECALLED: bool(through - {sender.id}),
        Sight.GONE: bool(opened & {one.id for one in letters.gone}),
    }
    return {sight for sight, is_seen in found.items() if is_seen}


def _opened_in(loot: Loot) -> set[object]:
    """The letters whose words or picture came out."""
    wanted = (scene.words.encode(), scene.draft_words.encode(), scene.picture)
    return {
        letter for letter, contents in loot.contents.items() if any(one in each for each in contents for one in wanted)
    }
