"""Which rows a copied letter consists of, table by table, and the SQL that copies them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.apps import apps
from django.db import connections

#: The working table that holds the copies' own ids; see `copying`.
name = "bench_copy"


@dataclass(frozen=True, kw_only=True)
class Source:
    """Rows to copy: those of a table `where` something holds, each for the letter that `of` names, or one for all."""

    app: str
    model: str
    changed: Mapping[str, str]
    of: str = ""
    where: str = "true"
    is_numbered: bool = False

    @property
    def table(self) -> str:
        return apps.get_model(self.app, self.model)._meta.db_table

    def lay_aside(self, place: str) -> str:
        """The rows in a small table of their own, so that no join goes through the one that grows."""
        original = f"t.{self.of}" if self.of else "NULL"
        chosen = (
            f"{self.where} AND t.{self.of} IN (SELECT id FROM {name}_original)" if self.of else f"{self.where} LIMIT 1"
        )
        return (
            f"CREATE TEMPORARY TABLE {place} AS SELECT {original} AS original, t.* FROM {self.table} t WHERE {chosen}"
        )

    def insert(self, place: str) -> str:
        """All columns of the row it is a copy of, but for those that are the copy's own."""
        columns = [field.column for field in apps.get_model(self.app, self.model)._meta.concrete_fields]
        columns = columns[1:] if self.is_numbered else columns
        quoted = ", ".join(f'"{one}"' for one in columns)
        values = ", ".join(self.changed.get(one, f't."{one}"') for one in columns)
        join = "t.original = c.original" if self.of else "true"
        return f"INSERT INTO {self.table} ({quoted}) SELECT {values} FROM {name} c JOIN {place} t ON {join}"


def main_sources() -> list[Source]:
    """What a letter leaves in the main database."""
    false = "0" if connections["default"].vendor == "sqlite" else "false"
    place = {"message_id": "c.message", "sorted_at": "c.sent_at", "is_unread": false, "retrieved_at": "c.sent_at"}
    sent = place | {"id": "c.sending_place", "account_id": "c.sender"}
    got = place | {"id": "c.receiving_place", "account_id": "c.recipient"}
    message = {"id": "c.message", "code": "c.code", "sender_id": "c.sender", "idempotency_key": "c.key"}
    part = {"id": "c.part", "owner_id": "c.message", "reference": "c.message"}
    wrap = {"object_id": "c.message", "created_at": "c.sent_at"}
    own = wrap | {"id": "c.sending_wrap", "holder_id": "c.sender", "share_id": "c.sending_share"}
    given = wrap | {"id": "c.receiving_wrap", "holder_id": "c.recipient", "share_id": "c.receiving_share"}
    entry = {"id": "c.entry", "at": "c.sent_at", "subject_id": "c.message", "object_id": "c.sending_place"}
    opening = {"entry_id": "c.entry"}
    return [
        Source(app="mailbox", model="Message", changed=message | {"sent_at": "c.sent_at"}, of="id"),
        Source(app="mailbox", model="Participation", changed=sent, of="message_id", where="t.role = 'from'"),
        Source(app="mailbox", model="Participation", changed=got, of="message_id", where="t.role = 'to'"),
        Source(app="mailbox", model="Part", changed=part, of="owner_id", where="t.owner_kind = 'message'"),
        Source(app="vault", model="Wrap", changed=own, of="object_id", where="t.basis = 'authored'"),
        Source(app="vault", model="Wrap", changed=given, of="object_id", where="t.basis = 'received'"),
        Source(app="audit", model="Entry", changed=entry, of="subject_id", where="t.event = 'mailbox.message.sent'"),
        Source(app="audit", model="Opening", changed=opening | {"id": "c.first_opening"}, where="t.kind = 'actor'"),
        Source(app="audit", model="Opening", changed=opening | {"id": "c.second_opening", "kind": "'client'"}),
        Source(app="audit", model="Leaf", changed={"entry_id": "c.entry", "index": "c.number"}),
        Source(app="audit", model="Node", changed={"level": "40", "index": "c.number"}, is_numbered=True),
    ]


def keystore_sources() -> list[Source]:
    """Its two shares."""
    share = {"object_id": "c.message", "created_at": "c.sent_at"}
    own = share | {"id": "c.sending_share", "holder_id": "c.sender"}
    given = share | {"id": "c.receiving_share", "holder_id": "c.recipient"}
    return [
        Source(app="keystore", model="Share", changed=changed, where="t.object_kind = 'message'")
        for changed in (own, given)
    ]
