"""Papers about help and honour: disability, poverty, allowances, merit.

Every kind takes the family of its seed and the chance of its own.
"""

from datetime import date
from random import Random

from tests.paper.facts import (
    Facts,
    Fields,
    committee,
    committee_seal,
    draw_issue_day,
    draw_official,
    fields_of,
    place_and_date,
    printed,
)
from tests.paper.family import Family
from tests.paper.people import draw_person, years
from tests.paper.wording import amount, amount_in_words, decimal, long, month

_DISABILITIES = ("Vận động", "Nghe, nói", "Nhìn", "Thần kinh, tâm thần", "Trí tuệ")
_DEGREES = ("Đặc biệt nặng", "Nặng", "Nhẹ")
_STANDARD = 500_000  # đồng a month, multiplied by a coefficient (NĐ 76/2024)


def disability_certificate(family: Family, rng: Random) -> Facts:
    """Giấy xác nhận khuyết tật: a card of A5, portrait and heading left, answers right."""
    owner, issued = draw_person(rng, home=family.commune), draw_issue_day(rng)
    number = f"{rng.randint(1, 9999):04}/GXNKT"
    values = {
        **committee(owner.home),
        "number": number,
        "owner": printed(owner),
        "kind": rng.choice(_DISABILITIES),
        "degree": rng.choice(_DEGREES),
        "carer": family.mother.name,
        "placed": place_and_date(owner.home, issued),
        "signer": draw_official(rng),
    }
    return Facts(values, fields_of(owner, issued, number), committee_seal(owner.home))


def poor_household_certificate(family: Family, rng: Random) -> Facts:
    """Giấy chứng nhận hộ nghèo, hộ cận nghèo: A5 with a table of the household."""
    owner, issued = family.father, draw_issue_day(rng)
    number = f"{rng.randint(1, 999):03}/{issued.year}/GCN-HN"
    others = [
        (draw_person(rng, born=years(2010, 2023), home=owner.home, family=owner.family_name), "Con")
        for _ in range(rng.randint(1, 4))
    ]
    household = [(owner, "Chủ hộ"), (family.mother, "Vợ"), *others]
    values = {
        **committee(owner.home),
        "number": number,
        "class": rng.choice(("HỘ NGHÈO", "HỘ CẬN NGHÈO")),
        "year": str(issued.year),
        "owner": printed(owner),
        "members": [printed(person) | {"relation": relation} for person, relation in household],
        "scores": (str(rng.randint(90, 140)), str(rng.randrange(10, 60, 10))),
        "placed": place_and_date(owner.home, issued),
        "signer": draw_official(rng),
    }
    return Facts(values, fields_of(owner, issued, number), committee_seal(owner.home))


def social_allowance_decision(family: Family, rng: Random) -> Facts:
    """Quyết định hưởng trợ cấp xã hội: a decision in 14 pt with a table of sums and its total."""
    owner = draw_person(rng, born=years(1935, 1948), home=family.commune)
    issued = draw_issue_day(rng)
    number = f"{rng.randint(30, 2900)}/QĐ-UBND"
    coefficients = {
        "Trợ cấp xã hội hằng tháng": rng.choice((1.0, 1.5, 2.0)),
        "Hỗ trợ chi phí chăm sóc": rng.choice((1.0, 1.5)),
        "Trợ cấp thêm của địa phương": rng.choice((0.2, 0.3, 0.5)),
    }
    sums = {name: round(_STANDARD * share) for name, share in coefficients.items()}
    values = {
        **committee(owner.home),
        "number": number,
        "placed": place_and_date(owner.home, issued),
        "owner": printed(owner),
        "proposal": f"{rng.randint(10, 400)}/TTr-VHXH",
        "rows": [(name, decimal(coefficients[name]), amount(sums[name])) for name in sums],
        "total": amount(sum(sums.values())),
        "total_spelled": amount_in_words(sum(sums.values())),
        "since": month(issued),
        "paid_by": rng.choice(("Bưu điện", "Ngân hàng Nông nghiệp và Phát triển nông thôn")),
        "signer": draw_official(rng),
    }
    return Facts(values, fields_of(owner, issued, number), committee_seal(owner.home))


def merit_certificate(family: Family, rng: Random) -> Facts:
    """Bằng Tổ quốc ghi công: a landscape sheet of few large words; its owner is a martyr."""
    martyr = draw_person(rng, born=years(1945, 1953), home=family.commune)
    died, issued = date(rng.randint(1968, 1975), rng.randint(1, 12), 17), draw_issue_day(rng)
    number = f"{rng.randint(100, 2900)}/QĐ-TTg"
    values = {
        "name": martyr.name,
        "home": martyr.home.full_name,
        "died": long(died),
        "number": number,
        "certificate": f"{rng.randint(1, 99999):05}",
        "issued": long(issued),
        "placed": f"Hà Nội, {long(issued)}",
        "signer": draw_official(rng),
    }
    fields: Fields = {"owner_name": martyr.name, "issued_on": issued, "paper_number": number}
    return Facts(values, fields, ("CHÍNH PHỦ", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"))
