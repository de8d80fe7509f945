"""Services other than internet that a plan's price may hold, as they are named to a reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from market.records.offer import Offer, Service

SERVICE_NAMES: Mapping[str, str] = {
    "tv": "TV",
    "phone": "phone",
    "mobile": "mobile",
    "security": "security",
    "streaming": "streaming",
}


def service_names(services: Sequence[Service]) -> str:
    """Return "TV, phone and mobile", "" for none."""
    names = [SERVICE_NAMES[service] for service in services]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def bundle_words(services: Sequence[Service]) -> str:
    """Return "bundle with TV and phone", "" when the price is for internet alone."""
    return f"bundle with {service_names(services)}" if services else ""


def plan_label(offer: Offer) -> str:
    """Return a plan's name, and of a bundle that it is one: "Double Play (bundle with TV and phone)"."""
    words = bundle_words(offer.bundled_with)
    return f"{offer.plan_name} ({words})" if words else offer.plan_name
