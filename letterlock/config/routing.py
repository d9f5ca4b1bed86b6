"""Which database a row lives in: the keystore's tables in the keystore, everything else in the main one."""

from typing import Any


class KeystoreRouter:
    """Sends the app label `keystore` to the alias `keystore`, and nothing else there."""

    def db_for_read(self, model: Any, **_hints: Any) -> str:
        return "keystore" if model._meta.app_label == "keystore" else "default"

    db_for_write = db_for_read

    def allow_relation(self, one: Any, other: Any, **_hints: Any) -> bool:
        return self.db_for_read(one) == self.db_for_read(other)

    def allow_migrate(self, db: str, app_label: str, **_hints: Any) -> bool:
        return (db == "keystore") == (app_label == "keystore")
