"""Plans that one file states twice at different prices: both are kept, and named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crawlers.readers.labelnotes import MAX_KEPT, MAX_NAMED
from crawlers.readers.page import Trouble
from market.records import Offer

_Key = tuple[str, str, str, int | None, tuple[str, ...]]
_Price = tuple[int | None, int | None, int | None, str]


class Twice:
    """Finds a file's plans that stand in it at several prices for the same customers, term and places."""

    def __init__(self) -> None:
        self._seen: dict[_Key, dict[_Price, str]] = {}

    def add(self, place: str, offers: Sequence[Offer]) -> None:
        """Note the offers of the row at `place`."""
        for offer in offers:
            # The bureau's identifier is one label's whatever its term; names are shared among terms.
            term = None if offer.plan_id else offer.contract_months
            key = (offer.plan_key, offer.technology, offer.segment, term, offer.market)
            price = (offer.monthly_cents, offer.promo_cents, offer.promo_months, offer.currency)
            self._seen.setdefault(key, {}).setdefault(price, place)

    def troubles(self) -> Iterator[Trouble]:
        """Yield the issue that names the rows of all such plans; none where there are none."""
        found = {key[0]: prices for key, prices in self._seen.items() if len(prices) > 1}
        if not found:
            return
        told = "; ".join(
            f"{plan} ({', '.join(f'{place}: {_words(price)}' for price, place in list(prices.items())[:4])})"
            for plan, prices in list(found.items())[:MAX_NAMED]
        )
        more = f" and {len(found) - MAX_NAMED} more" if len(found) > MAX_NAMED else ""
        yield Trouble(
            "plan-twice",
            f"{len(found)} plans stand here at more than one price; all are kept. Compare the rows with the "
            f"labels: {told}{more}.",
            data={"plans": {plan: list(found[plan].values()) for plan in list(found)[:MAX_KEPT]}},
        )


def _words(price: _Price) -> str:
    monthly, promo, _, currency = price
    said = [f"{cents / 100:,.2f}" for cents in (promo, monthly) if cents is not None]
    return f"{currency} {', then '.join(said)}" if said else "on request"
