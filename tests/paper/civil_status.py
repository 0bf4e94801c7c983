"""Papers around birth, marriage and divorce.

Every kind takes the family of its seed and the chance of its own.
"""

from datetime import date, timedelta
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
from tests.paper.family import Family, printed_birth
from tests.paper.people import Sex, draw_person
from tests.paper.wording import long, short


def birth_certificate(family: Family, rng: Random) -> Facts:
    """Giấy khai sinh of an infant."""
    issued = family.registered_on
    number = f"{rng.randint(1, 480)}/{issued.year}"
    values = {
        **printed_birth(family),
        **committee(family.commune),
        "number": number,
        "issued": long(issued),
        "signer": draw_official(rng),
    }
    fields = fields_of(family.child, issued, number)
    return Facts(values, fields, committee_seal(family.commune))


def birth_attestation(family: Family, rng: Random) -> Facts:
    """Giấy chứng sinh, given by the hospital; its owner is the mother."""
    issued, number = family.attested_on, family.attestation_number
    province, place = family.commune.province, family.commune.province_name.upper()
    hospital = family.hospital.upper()
    values = {
        **printed_birth(family),
        "agency": (f"SỞ Y TẾ\n{province.upper()}", hospital.replace(place, f"\n{place}")),
        "number": number,
        "book": f"{rng.randint(1, 9):02}/{issued.year}",
        "insurance": f"{rng.randrange(10**10):010}",
        "card_issued": short(family.mother.card_issued_on),
        "hour": f"{rng.randrange(24):02}",
        "minute": f"{rng.randrange(60):02}",
        "born": long(family.child.born),
        "births": "01",
        "weight": f"{rng.randint(26, 39)}00",
        "condition": "Khỏe mạnh, hồng hào, khóc to",
        "midwife": draw_official(rng),
        "signer": draw_official(rng),
        "placed": place_and_date(family.commune, issued),
    }
    fields = fields_of(family.mother, issued, number)
    del fields["birth_date"]  # the form asks for the mother's year only
    return Facts(
        values,
        fields,
        (hospital, f"SỞ Y TẾ {place}"),
    )


def birth_registration_form(family: Family, rng: Random) -> Facts:
    """Tờ khai đăng ký khai sinh, filled in by the father."""
    issued = family.registered_on
    values = {
        **printed_birth(family),
        **committee(family.commune),
        "copies": f"{rng.randint(1, 5):02}",
        "attestation_number": family.attestation_number,
        "placed": place_and_date(family.commune, issued),
    }
    return Facts(values, fields_of(family.father, issued), None)


def marriage_certificate(family: Family, rng: Random) -> Facts:
    """Giấy chứng nhận kết hôn; its owner is the wife, who stands first on it."""
    wife, husband, issued = family.mother, family.father, family.married_on
    number = f"{rng.randint(1, 260)}/{issued.year}"
    values = {
        **committee(wife.home),
        "number": number,
        "wife": printed(wife),
        "husband": printed(husband),
        "issued": long(issued),
        "signer": draw_official(rng),
    }
    fields: Fields = {
        **fields_of(wife, issued, number),
        "spouse_name": husband.name,
        "spouse_citizen_id": husband.citizen_id,
    }
    return Facts(values, fields, committee_seal(wife.home))


def marital_status_certificate(family: Family, rng: Random) -> Facts:
    """Giấy xác nhận tình trạng hôn nhân, tied to the purpose that it names."""
    owner, issued = draw_person(rng, home=family.commune), draw_issue_day(rng)
    number = f"{rng.randint(10, 690)}/UBND-XNTTHN"
    values = {
        **committee(owner.home),
        "number": number,
        "owner": printed(owner),
        "status": rng.choice(
            (
                "Hiện tại chưa đăng ký kết hôn với ai.",
                "Đã đăng ký kết hôn nhưng đã ly hôn, hiện tại chưa đăng ký kết hôn với ai.",
            )
        ),
        "purpose": rng.choice(
            (
                f"làm thủ tục đăng ký kết hôn tại Ủy ban nhân dân {owner.home.full_name}.",
                "làm thủ tục chuyển nhượng quyền sử dụng đất và tài sản gắn liền với đất.",
                "bổ sung hồ sơ vay vốn tại Ngân hàng Chính sách xã hội.",
            )
        ),
        "signer": draw_official(rng),
        "placed": place_and_date(owner.home, issued),
    }
    return Facts(values, fields_of(owner, issued, number), committee_seal(owner.home))


def divorce_decision(family: Family, rng: Random) -> Facts:
    """Quyết định công nhận thuận tình ly hôn: two pages of prose; its owner is the wife."""
    wife = draw_person(rng, sex=Sex.FEMALE, home=family.commune)
    husband = draw_person(rng, sex=Sex.MALE, home=family.commune)
    issued = draw_issue_day(rng)
    court = rng.randint(1, 14)
    number = f"{rng.randint(12, 480)}/{issued.year}/QĐST-HNGĐ"
    child = draw_person(
        rng,
        born=(date(2016, 1, 1), date(2023, 12, 31)),
        home=wife.home,
        family=husband.family_name,
    )
    agreed = issued - timedelta(days=8)
    values = {
        "agency": (
            f"TÒA ÁN NHÂN DÂN\n{wife.home.province.upper()}",
            f"TÒA ÁN NHÂN DÂN KHU VỰC {court}",
        ),
        "number": number,
        "placed": place_and_date(wife.home, issued),
        "case": f"{rng.randint(100, 900)}/{issued.year}/TLST-HNGĐ",
        "accepted": long(agreed - timedelta(days=21)),
        "agreed": long(agreed),
        "wife": printed(wife),
        "husband": printed(husband),
        "child": printed(child),
        "registered_at": f"Ủy ban nhân dân {wife.home.full_name}",
        "marriage_number": f"{rng.randint(1, 160)}/2015",
        "support": rng.choice(("1.500.000", "2.000.000", "3.000.000")),
        "support_from": f"{issued.month:02}/{issued.year}",
        "receipt": f"{rng.randint(1, 9999):07}",
        "signer": draw_official(rng),
    }
    seal = (f"TÒA ÁN NHÂN DÂN KHU VỰC {court}", wife.home.province.upper())
    return Facts(values, fields_of(wife, issued, number), seal)
