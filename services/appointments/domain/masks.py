"""Ticks of one day as the bits of an integer: bit 0 is the first five minutes after midnight."""

from __future__ import annotations


def span(first: int, end: int) -> int:
    """Return the ticks from `first` up to `end`, which is not in it; none when it ends before it begins."""
    return ((1 << (end - first)) - 1) << first if end > first else 0


def runs(mask: int) -> list[tuple[int, int]]:
    """Return the stretches of a mask, each from its first tick up to its end."""
    found: list[tuple[int, int]] = []
    first = 0
    while mask:
        gap = (mask & -mask).bit_length() - 1
        mask >>= gap
        length = (mask ^ (mask + 1)).bit_length() - 1
        found.append((first + gap, first + gap + length))
        mask >>= length
        first += gap + length
    return found


def fitting(free: int, length: int) -> int:
    """Return the ticks at which something of that length can begin and stays within the mask."""
    covered = 1
    while covered < length:
        step = min(covered, length - covered)
        free &= free >> step
        covered += step
    return free


def packed(fits: int, length: int) -> int:
    """Return of possible beginnings those that leave no gap: from the first of each stretch on in steps of `length`.

    Somebody who takes any of them leaves whole visits before and behind it, as far as the stretch allows.
    """
    step = fits & ~(fits << 1)
    found = 0
    while step:
        found |= step
        step = (step << length) & fits
    return found


def ticks_of(mask: int) -> list[int]:
    """Return the positions of the set bits, in order."""
    found: list[int] = []
    while mask:
        lowest = mask & -mask
        found.append(lowest.bit_length() - 1)
        mask ^= lowest
    return found
