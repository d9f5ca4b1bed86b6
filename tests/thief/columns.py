"""What every column of both stores shows to whoever holds a copy of it. The page is written from here.

A column that is not named here fails `test_every_column_says_what_it_shows`.
"""

import enum
from dataclasses import dataclass


class Shows(enum.StrEnum):
    """How a value stands in the file."""

    PLAIN = "plain"
    SEALED = "sealed"
    DIGEST = "digest"
    RANDOM = "random"
    PUBLIC = "public key"


@dataclass(frozen=True)
class Table:
    """One table in words, and its columns by what they show; `name: remark` explains one."""

    words: str
    plain: str = ""
    sealed: str = ""
    digest: str = ""
    random: str = ""
    public: str = ""

    def columns(self) -> dict[str, tuple[Shows, str]]:
        """What each column shows, and the remark on it."""
        kinds = zip(Shows, (self.plain, self.sealed, self.digest, self.random, self.public), strict=True)
        return {
            name: (kind, remark.strip())
            for kind, lines in kinds
            for line in lines.split(";")
            for names, _colon, remark in [line.partition(":")]
            for name in names.split()
        }


options = "tracking share_tracking reply_freeze forward_freeze confidential lifetime: the options on the Delivery Slip"

database = {
    "platforms_platform": Table(
        "Organisations",
        plain="name support_address: of the organisation; accent: its colour; created_at",
        random="id",
    ),
    "platforms_hostname": Table("Their host names", plain="name is_current", random="platform_id"),
    "accounts_account": Table(
        "People",
        plain="name address mail_address: who they are; status state time_zone retrieval wants_first_access_mail: how "
        "they use it; created_at registered_at renamed_at renamed_before_at: when",
        digest="password: Argon2id, dear to guess at, but a weak password can be guessed",
        random="id platform_id",
    ),
    "accounts_session": Table(
        "Where somebody is signed in",
        plain="kind scopes auth_methods: how they signed in; client: the program's name; created_at authenticated_at "
        "stepped_up_at last_seen_at ended_at: when",
        digest="key_hash: SHA-256 of 32 random bytes in the cookie, which nobody can guess",
        random="id family account_id platform_id",
    ),
    "accounts_knownbrowser": Table(
        "Browsers somebody has signed in with",
        plain="seen_at",
        digest="browser_hash: SHA-256 of 32 random bytes in a cookie",
        random="id account_id",
    ),
    "accounts_invitation": Table(
        "Invitations",
        plain="purpose generation invited_at expires_at accepted_at: what for, and when",
        random="id account_id invited_by_id platform_id: the link needs a token besides, which is stored nowhere",
    ),
    "accounts_challenge": Table(
        "Codes under way",
        plain="purpose generation tries_left: what for; proposed_name proposed_time_zone: of who registers; "
        "created_at expires_at used_at: when",
        digest="browser_hash: SHA-256 of 32 random bytes in a cookie; proposed_password: Argon2id, as above",
        random="id account_id platform_id: the code is computed from a key in the keystore, and stored nowhere",
    ),
    "accounts_throttle": Table(
        "How often something was tried",
        plain="full_at",
        digest="key: what is limited, and under the platform's key for which address or network",
    ),
    "mailbox_message": Table(
        "Letters",
        plain="sent_at expires_at expired_at keys_destroyed_at: when; size_bytes: padded, by up to an eighth; "
        "open_people all_people open_retrieved all_retrieved: how many people; code: it opens nothing; "
        f"platform_key_generation; {options}",
        sealed="sealed_subject",
        digest="body_digest: SHA-256 of sealed bytes, at which no words can be tried out",
        random="id idempotency_key platform_id sender_id parent_id root_id",
    ),
    "mailbox_part": Table(
        "Text and pictures",
        plain="owner_kind kind media_type: text or picture; size_bytes: padded",
        sealed="sealed: the text or the picture",
        random="id owner_id reference platform_id",
    ),
    "mailbox_participation": Table(
        "Who takes part in a letter",
        plain="role also position: From, To, Cc or Bcc; folder is_unread trashed_from: where they keep it; sorted_at "
        "trashed_at invited_at notified_at not_delivered_at reviewed_at retrieved_at replied_at printed_at removed_at "
        "purged_at: when what happened; retrievals: how often; not_delivered_because: what their mail server said",
        random="id account_id message_id platform_id granted_by_id",
    ),
    "mailbox_recall": Table(
        "Recalls",
        plain="recalled_at destroys_own_copy",
        sealed="sealed_reason",
        random="message_id recalled_by_id entry_id",
    ),
    "mailbox_draft": Table(
        "Unfinished letters",
        plain=f"to cc bcc: the addresses typed so far; kind version created_at saved_at; {options}",
        sealed="sealed_subject",
        random="id author_id platform_id parent_id corrects_id",
    ),
    "mailbox_correspondent": Table("Who writes with whom", plain="last_at", random="id account_id person_id"),
    "mailbox_changefeed": Table(
        "What open pages fetch anew", plain="number fragments: names of parts of a page, with ids", random="account_id"
    ),
    "notices_mail": Table(
        "Mails sent or owed",
        plain="kind generation state: which, and how far; server_said: what a mail server answered; first_tried_at "
        "settled_at created_at: when; message_id_header: with the message code and a tag",
        random="id about_id account_id participation_id platform_id",
    ),
    "notices_pagenotice": Table(
        "Notices in the page", plain="kind at seen_at", random="id about_id account_id platform_id"
    ),
    "vault_wrap": Table(
        "Half A of each key",
        plain="object_kind holder_kind basis suite key_generation created_at",
        sealed="sealed_half: says nothing without half B in the keystore, even to its holder",
        random="id platform_id object_id holder_id share_id",
    ),
    "vault_keypair": Table(
        "Key pairs of people",
        plain="holder_kind generation suite platform_key_generation created_at",
        sealed="sealed_private_key",
        public="public_key",
        random="id platform_id holder_id",
    ),
    "audit_entry": Table(
        "The ledger",
        plain="event at: what happened, and when; leaf: the same as it is hashed, personal details as salted digests",
        random="id platform_id subject_id object_id",
    ),
    "audit_opening": Table(
        "The personal details of the ledger",
        plain="kind value: who acted, with which program, or which address was invited",
        random="id entry_id salt",
    ),
    "audit_pending": Table("Facts that wait for a place in the tree", random="entry_id platform_id"),
    "audit_leaf": Table("Places in the tree", plain="index", random="entry_id platform_id"),
    "audit_node": Table("Hashes of the tree", plain="id level index", digest="hash", random="platform_id"),
    "audit_head": Table("Where the tree ends", plain="size", digest="peaks", random="platform_id"),
    "outbox_job": Table(
        "Work under way",
        plain="topic handler ids order_key attempts: which work, with ids only; "
        "due_at created_at leased_until dead_at: when; last_error: kind and place of an error, never its text",
        random="id platform_id lease",
    ),
    "auth_group": Table("Of the framework, always empty", plain="id name"),
    "auth_group_permissions": Table("Of the framework, always empty", plain="id group_id permission_id"),
    "auth_permission": Table("Of the framework", plain="id content_type_id codename name: names of tables"),
    "django_content_type": Table("Of the framework", plain="id app_label model: names of tables"),
    "django_migrations": Table("Of the framework", plain="id app name applied: when which version was installed"),
}

keystore = {
    "keystore_share": Table(
        "Half B of each key",
        plain="object_kind holder_kind platform_key_generation is_blank created_at",
        sealed="sealed: zeros once it is destroyed",
        random="id platform_id object_id holder_id",
    ),
    "keystore_sealedkey": Table(
        "Keys of the platforms",
        plain="purpose generation durability created_at outside_reference",
        sealed="sealed: under the root key, which is in neither store",
        public="public_part",
        random="id platform_id",
    ),
    "keystore_tombstone": Table(
        "What was destroyed",
        plain="object_kind holder_kind reason destroyed_at: recalled, expired, deleted or removed, and when",
        random="share_id platform_id object_id holder_id entry_id",
    ),
    "django_migrations": Table("Of the framework", plain="id app name applied: when which version was installed"),
}

stores = {"database": database, "keystore": keystore}
