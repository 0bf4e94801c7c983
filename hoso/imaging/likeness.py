"""How far two fingerprints of pages lie apart; without what it takes to make one."""

from typing import Final

BITS: Final = 255
"""Of a fingerprint (`fingerprint`), written as 64 hexadecimal digits."""


def distance(one: str, other: str) -> float:
    """The share of bits in which two fingerprints differ: 0 the same, about 0.5 nothing alike."""
    return (int(one, 16) ^ int(other, 16)).bit_count() / BITS
