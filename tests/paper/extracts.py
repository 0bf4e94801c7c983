"""Extracts from the civil register, and the form that changes where one lives.

Every kind takes the family of its seed and the chance of its own.
"""

from datetime import date, timedelta
from random import Random

from tests.paper.facts import (
    Facts,
    Values,
    committee,
    committee_seal,
    draw_issue_day,
    draw_official,
    fields_of,
    place_and_date,
    printed,
)
from tests.paper.family import Family, printed_birth
from tests.paper.people import Person, Sex, draw_name, draw_person, years
from tests.paper.wording import long, short, spelled

_CAUSES = ("Tuổi già", "Bệnh lý tim mạch", "Tai biến mạch máu não", "Viêm phổi nặng")


def birth_extract(family: Family, rng: Random) -> Facts:
    """Trích lục khai sinh (bản sao): the printed form with its answers typed in."""
    issued = draw_issue_day(rng)
    number = f"{rng.randint(20, 890)}/TLKS-BS"
    values = {
        **printed_birth(family),
        **committee(family.commune),
        **_issue(family.commune.name, issued, rng),
        "number": number,
        "placed": place_and_date(family.commune, issued),
        "registered": long(family.registered_on),
        "register_number": f"{rng.randint(1, 480)}/{family.registered_on.year}",
    }
    fields = fields_of(family.child, issued, number)
    return Facts(values, fields, committee_seal(family.commune))


def death_extract(family: Family, rng: Random) -> Facts:
    """Trích lục khai tử; its owner is who died."""
    dead = draw_person(rng, born=years(1931, 1958), home=family.commune)
    issued = draw_issue_day(rng)
    died = issued - timedelta(days=rng.randint(2, 14))
    number = f"{rng.randint(5, 290)}/TLKT-BS"
    values = {
        **committee(dead.home),
        **_issue(dead.home.name, issued, rng),
        "number": number,
        "placed": place_and_date(dead.home, issued),
        "dead": printed(dead),
        "declarant": printed(family.father),
        "hour": f"{rng.randrange(24):02} giờ {rng.randrange(60):02} phút",
        "died": long(died),
        "died_spelled": spelled(died),
        "cause": rng.choice(_CAUSES),
        "notice": f"{rng.randint(3, 180):02}/GBT-TYT",
        "register_number": f"{rng.randint(1, 160)}/{issued.year}",
        "registered": short(issued - timedelta(days=1)),
    }
    return Facts(values, fields_of(dead, issued, number), committee_seal(dead.home))


def civil_status_correction_extract(family: Family, rng: Random) -> Facts:
    """Trích lục cải chính hộ tịch: what was registered beside what holds now."""
    owner, issued = family.mother, draw_issue_day(rng)
    number = f"{rng.randint(5, 190)}/TLCC"
    wrong_day = owner.born - timedelta(days=rng.randint(1, 28))
    mother = draw_name(rng, Sex.FEMALE)
    misspelt = draw_name(rng, Sex.FEMALE, family=mother.split(maxsplit=1)[0])
    values = {
        **committee(owner.home),
        **_issue(owner.home.name, issued, rng),
        "number": number,
        "placed": place_and_date(owner.home, issued),
        "owner": printed(owner),
        "changes": [
            ("Ngày, tháng, năm sinh", short(wrong_day), short(owner.born)),
            ("Họ, chữ đệm, tên mẹ", misspelt, mother),
            ("Quê quán", owner.home.province, owner.home.full_name),
        ],
        "basis": f"{rng.randint(100, 999)}/{owner.born.year}",
        "registered": long(issued - timedelta(days=2)),
    }
    return Facts(values, fields_of(owner, issued, number), committee_seal(owner.home))


def residence_change_form(family: Family, rng: Random) -> Facts:
    """Tờ khai thay đổi thông tin cư trú (CT01), by hand, its numbers a digit a box."""
    owner, issued = family.father, draw_issue_day(rng)
    values = {
        "office": f"Công an {owner.home.full_name}",
        "owner": printed(owner),
        "email": f"congdan{rng.randint(100, 999)}@example.vn",
        "head": printed(family.mother),
        "request": rng.choice(
            (
                "Đăng ký thường trú cho bản thân và các con về cùng chủ hộ",
                "Đăng ký tạm trú thời hạn 24 tháng cùng các thành viên dưới đây",
                "Tách hộ, lập hộ mới tại chỗ ở hợp pháp đang thuê",
            )
        ),
        "members": [_member(person) for person in _children(family, rng)],
        "placed": place_and_date(owner.home, issued),
    }
    return Facts(values, fields_of(owner, issued), None)


def _issue(place: str, issued: date, rng: Random) -> Values:
    """Who signs an extract, and when."""
    return {"place": place, "issued": long(issued), "signer": draw_official(rng)}


def _children(family: Family, rng: Random) -> list[Person]:
    born, surname = years(2011, 2024), family.father.family_name
    return [
        draw_person(rng, born=born, home=family.commune, family=surname)
        for _ in range(rng.randint(2, 4))
    ]


def _member(person: Person) -> Values:
    return printed(person) | {"relation": "Con"}
