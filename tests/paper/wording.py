"""Dates and numbers as Vietnamese papers spell them."""

from datetime import date

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
# After "mươi" three digits change their sound.
_AFTER_TENS = {1: "mốt", 4: "tư", 5: "lăm"}


def in_words(number: int) -> str:
    """A whole number from 0 to 9999, read aloud: 2026 → "hai nghìn không trăm hai mươi sáu"."""
    thousands, rest = divmod(number, 1000)
    if not thousands:
        return _hundreds(rest)
    if not rest:
        return f"{_DIGITS[thousands]} nghìn"
    return f"{_DIGITS[thousands]} nghìn {_DIGITS[rest // 100]} trăm{_after_hundreds(rest % 100)}"


def _hundreds(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _tens(rest)
    return f"{_DIGITS[hundreds]} trăm{_after_hundreds(rest)}"


def _after_hundreds(rest: int) -> str:
    if not rest:
        return ""
    return f" linh {_DIGITS[rest]}" if rest < 10 else f" {_tens(rest)}"


def _tens(number: int) -> str:
    tens, unit = divmod(number, 10)
    if not tens:
        return _DIGITS[unit]
    if tens == 1:
        return "mười" if not unit else f"mười {_AFTER_TENS[5] if unit == 5 else _DIGITS[unit]}"
    return f"{_DIGITS[tens]} mươi" + (f" {_AFTER_TENS.get(unit, _DIGITS[unit])}" if unit else "")


def short(day: date) -> str:
    """05/11/2026."""
    return day.strftime("%d/%m/%Y")


def long(day: date) -> str:
    """ngày 05 tháng 11 năm 2026; January and February have a leading zero, as forms ask."""
    return f"ngày {day.day:02} tháng {day.month:02} năm {day.year}"


def spelled(day: date) -> str:
    """The date in words, capitalised as on a birth certificate."""
    return f"Ngày {in_words(day.day)}, tháng {in_words(day.month)}, năm {in_words(day.year)}"


def month(day: date) -> str:
    """tháng 11 năm 2026."""
    return f"tháng {day.month:02} năm {day.year}"


def amount(dong: int) -> str:
    """1.500.000, in groups of three."""
    return f"{dong:,}".replace(",", ".")


def amount_in_words(dong: int) -> str:
    """Whole thousands below a thousand milliard: 1.050.000 → "một triệu không trăm năm mươi nghìn".

    Without "đồng".
    """
    words: list[str] = []
    for size, name in ((10**9, "tỷ"), (10**6, "triệu"), (10**3, "nghìn")):
        group = dong // size % 1000
        if group and words:
            words.append(f"{_DIGITS[group // 100]} trăm{_after_hundreds(group % 100)} {name}")
        elif group:
            words.append(f"{_hundreds(group)} {name}")
    return " ".join(words)


def decimal(number: float, places: int = 1) -> str:
    """12,5 with a decimal comma."""
    return f"{number:.{places}f}".replace(".", ",")
