"""Buckets as rows: what the throttles of `policies.limits` have left."""

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from letterlock.domain.accounts.models import Throttle
from letterlock.domain.policies import throttling
from letterlock.domain.policies.throttling import Limit
from letterlock.foundation.kernel import transactions
from letterlock.foundation.kernel.refusals import Kind, Refusal
from letterlock.foundation.vault import deriving


class TooManyTries(Refusal):
    """A bucket is empty; `minutes` says when the next try counts."""

    kind = Kind.LIMITED
    code = "accounts.too_many_tries"
    sentence = _("There were too many tries. Nothing about the account has changed; please try again in {minutes} min.")


@dataclass(frozen=True, kw_only=True)
class Meter:
    """One bucket: what is limited, and for whom. The row knows the parts only as a keyed digest."""

    limit: Limit
    key: str


def meter(limit: Limit, *parts: object, platform_id: UUID) -> Meter:
    """The bucket of `limit` on this platform for these parts: an address, a network.

    SECURITY: the digest is keyed. There are few enough networks and addresses to try out every one of them against a
    bare digest. See test_a_stolen_throttle_does_not_tell_who_asked_from_where.
    """
    # Lengths keep ("ab", "c") and ("a", "bc") apart.
    spelled = "".join(f"{len(str(part))}:{part}" for part in parts)
    digest = hashlib.sha256(spelled.encode("utf-8", errors="replace")).hexdigest()
    tag = deriving.derive_tag("throttle", limit.name, digest, platform_id=platform_id)
    return Meter(limit=limit, key=f"{limit.name}:{tag}")


@transactions.required
def spend(meters: Iterable[Meter], *, at: datetime) -> None:
    """Take one act from each bucket. Raises TooManyTries: then the caller's roll-back leaves them all as they were."""
    for each in _in_order(meters):
        row = _locked(each, at=at)
        decision = throttling.decide(each.limit, full_at=row.full_at, at=at)
        if not decision.is_allowed:
            raise TooManyTries(minutes=_whole_minutes(decision.retry_in), retry_after=decision.retry_in)
        Throttle.objects.filter(key=each.key).update(full_at=decision.full_at)


@transactions.required
def give_back(meters: Iterable[Meter], *, at: datetime) -> None:
    """Put one act back into each bucket: it turned out not to be a failure."""
    for each in _in_order(meters):
        row = _locked(each, at=at)
        full_at = throttling.give_back(each.limit, full_at=row.full_at, at=at)
        Throttle.objects.filter(key=each.key).update(full_at=full_at)


def _in_order(meters: Iterable[Meter]) -> list[Meter]:
    # Two callers that lock the same rows in the same order never wait for each other in a circle.
    return sorted(meters, key=lambda each: each.key)


def _locked(each: Meter, *, at: datetime) -> Throttle:
    Throttle.objects.bulk_create([Throttle(key=each.key, full_at=at)], ignore_conflicts=True)
    return Throttle.objects.select_for_update().get(key=each.key)


def _whole_minutes(wait: timedelta) -> int:
    return max(1, math.ceil(wait / timedelta(minutes=1)))
