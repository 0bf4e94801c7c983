"""Papers about residence, authority, trade and health.

Every kind takes the family of its seed and the chance of its own.
"""

from datetime import timedelta
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
from tests.paper.family import Family
from tests.paper.people import Person, Sex, draw_person, years
from tests.paper.wording import long, short

_TRADES = (
    ("Bán lẻ lương thực, thực phẩm, đồ uống trong các cửa hàng kinh doanh tổng hợp", "4711"),
    ("Nhà hàng và các dịch vụ ăn uống phục vụ lưu động", "5610"),
    ("Dịch vụ phục vụ đồ uống", "5630"),
    ("Sửa chữa, bảo dưỡng mô tô, xe máy", "9532"),
    ("Bán lẻ hàng may mặc, giày, dép, hàng da và giả da", "4771"),
    ("Cắt tóc, làm đầu, gội đầu", "9621"),
)
_EXAMS = (
    ("Nội khoa: tuần hoàn", "Nhịp tim đều, T1, T2 rõ"),
    ("Nội khoa: hô hấp", "Phổi không ran"),
    ("Ngoại khoa, da liễu", "Chưa phát hiện bệnh lý"),
    ("Mắt", "Không kính: mắt phải 9/10, mắt trái 10/10"),
    ("Tai - Mũi - Họng", "Nghe rõ nói thường 5 m"),
    ("Răng - Hàm - Mặt", "Sâu răng 36 độ I"),
    ("Công thức máu", "Hồng cầu 4,82 T/L; bạch cầu 6,9 G/L"),
    ("Nước tiểu", "Đường (-); protein (-)"),
    ("X-quang ngực thẳng", "Hình ảnh tim phổi bình thường"),
)


def residence_confirmation(family: Family, rng: Random) -> Facts:
    """Xác nhận thông tin về cư trú (CT07) with the household's table."""
    wife, husband = family.mother, family.father
    issued = draw_issue_day(rng)
    number = f"{rng.randint(100, 4900)}/XN-CAX"
    place = wife.home.name.upper()
    values = {
        "agency": (f"CÔNG AN\n{wife.home.province.upper()}", f"CÔNG AN {place}"),
        "number": number,
        "placed": place_and_date(wife.home, issued),
        "owner": printed(wife),
        "relation": "Vợ",
        "members": _household(rng, wife, husband),
        "signer_role": "TRƯỞNG CÔNG AN",
        "signer": draw_official(rng),
    }
    seal = (f"CÔNG AN {place}", f"CÔNG AN {wife.home.province.upper()}")
    return Facts(values, fields_of(wife, issued, number), seal)


def _household(rng: Random, wife: Person, husband: Person) -> list[Values]:
    """The head first, then his wife, their children, sometimes his mother."""
    members = [(husband, "Chủ hộ"), (wife, "Vợ")]
    members += [
        (
            draw_person(rng, born=years(2012, 2024), home=wife.home, family=husband.family_name),
            "Con",
        )
        for _ in range(rng.randint(1, 3))
    ]
    if rng.random() < 0.5:
        mother = draw_person(rng, sex=Sex.FEMALE, born=years(1955, 1964), home=wife.home)
        members.append((mother, "Mẹ"))
    return [printed(person) | {"relation": relation} for person, relation in members]


def authorisation(family: Family, rng: Random) -> Facts:
    """Giấy ủy quyền with the commune's certification; its owner is who gives the authority."""
    giver = family.mother
    taker = draw_person(rng, home=giver.home)
    issued = draw_issue_day(rng)
    number = f"{rng.randint(20, 990)}-SCT/CK,ĐC"
    values = {
        **committee(giver.home),
        "number": number,
        "giver": printed(giver),
        "taker": printed(taker),
        "issued": long(issued),
        "issued_short": short(issued),
        "until": long(issued + timedelta(days=rng.choice((90, 180, 365)))),
        "purpose": rng.choice(
            (
                "nộp hồ sơ, bổ sung hồ sơ và nhận kết quả cấp bản sao trích lục hộ tịch",
                "nộp hồ sơ và nhận Giấy chứng nhận quyền sử dụng đất, sở hữu nhà ở",
                "nhận lương hưu và trợ cấp bảo hiểm xã hội hằng tháng",
            )
        ),
        "signer": draw_official(rng),
    }
    return Facts(values, fields_of(giver, issued, number), committee_seal(giver.home))


def household_business_certificate(family: Family, rng: Random) -> Facts:
    """Giấy chứng nhận đăng ký hộ kinh doanh; its number is the owner's citizen id."""
    owner, issued = family.father, draw_issue_day(rng)
    trades = [{"name": name, "code": code} for name, code in rng.sample(_TRADES, 3)]
    capital, spelled = rng.choice(
        (("50.000.000", "năm mươi triệu"), ("200.000.000", "hai trăm triệu"))
    )
    values = {
        **committee(owner.home),
        "number": owner.citizen_id,
        "registry": f"{owner.home.id_prefix[1:]}A8{rng.randint(1, 29999):06}",
        "issued": long(issued),
        "business": f"Hộ kinh doanh {owner.name.rsplit(maxsplit=1)[-1]} Phát",
        "owner": printed(owner),
        "email": f"hokinhdoanh{rng.randint(100, 999)}@example.vn",
        "trades": trades,
        "capital": capital,
        "capital_spelled": f"{spelled} đồng",
        "signer": draw_official(rng),
    }
    return Facts(values, fields_of(owner, issued, owner.citizen_id), committee_seal(owner.home))


def health_certificate(family: Family, rng: Random) -> Facts:
    """Giấy khám sức khỏe with its table of examinations."""
    owner, issued = family.mother, draw_issue_day(rng)
    number = f"{rng.randint(100, 9800)}/GKSK-BVĐK"
    height, weight = rng.randint(150, 178), rng.randint(46, 74)
    doctors = [draw_official(rng) for _ in range(4)]
    province = owner.home.province_name.upper()
    values = {
        "agency": (f"SỞ Y TẾ\n{owner.home.province.upper()}", f"BỆNH VIỆN ĐA KHOA\n{province}"),
        "number": number,
        "placed": place_and_date(owner.home, issued),
        "owner": printed(owner),
        "purpose": rng.choice(("Xin việc làm", "Thi giấy phép lái xe hạng B", "Đi học")),
        "height": str(height),
        "weight": str(weight),
        "bmi": f"{weight / (height / 100) ** 2:.1f}".replace(".", ","),
        "pulse": str(rng.randint(64, 88)),
        "pressure": f"{rng.randint(104, 128)}/{rng.randint(62, 82)}",
        "class": rng.choice(("Loại I", "Loại II", "Loại III")),
        "exams": [
            {"name": name, "result": result, "doctor": f"BS. {rng.choice(doctors)}"}
            for name, result in _EXAMS
        ],
        "findings": rng.choice(("Không", "Cận thị nhẹ hai mắt", "Sâu răng")),
        "conclusion": "Đủ sức khỏe để làm việc, học tập tại thời điểm khám.",
        "signer": f"BSCKII. {draw_official(rng)}",
    }
    return Facts(
        values,
        fields_of(owner, issued, number),
        (f"BỆNH VIỆN ĐA KHOA {province}", f"SỞ Y TẾ {province}"),
    )
