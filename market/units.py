"""Money, speeds, latencies, data amounts and terms as sources write them; a value is read whole or not at
all.
"""

from market.celltext import NOTHING, cell_text, decimal, split_list
from market.money import CURRENCIES, MAX_CENTS, Money, parse_money, to_cents
from market.speeds import (
    MAX_MBPS,
    SPEED_UNIT,
    DataAllowance,
    Span,
    parse_data,
    parse_latency,
    parse_speed,
    speed_factor,
)
from market.terms import NUMBER_WORD, TERM, parse_term, term_months

__all__ = [
    "CURRENCIES",
    "MAX_CENTS",
    "MAX_MBPS",
    "NOTHING",
    "NUMBER_WORD",
    "SPEED_UNIT",
    "TERM",
    "DataAllowance",
    "Money",
    "Span",
    "cell_text",
    "decimal",
    "parse_data",
    "parse_latency",
    "parse_money",
    "parse_speed",
    "parse_term",
    "speed_factor",
    "split_list",
    "term_months",
    "to_cents",
]
