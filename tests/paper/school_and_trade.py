"""Papers about schooling, enterprises and a clean record.

Every kind takes the family of its seed and the chance of its own.
"""

from datetime import timedelta
from random import Random

from tests.paper.facts import (
    Facts,
    Fields,
    committee,
    draw_issue_day,
    draw_official,
    fields_of,
    place_and_date,
    printed,
)
from tests.paper.family import Family
from tests.paper.people import Sex, draw_name, draw_person
from tests.paper.wording import amount, amount_in_words, decimal, long, short

_SUBJECTS = (
    "Toán cao cấp", "Pháp luật đại cương", "Kinh tế vi mô", "Nguyên lý kế toán", "Tin học ứng dụng",
    "Tiếng Anh cơ bản", "Lịch sử Đảng", "Xác suất và thống kê", "Kế toán tài chính", "Thuế",
    "Phân tích báo cáo", "Kiểm toán căn bản", "Quản trị học", "Thực tập tốt nghiệp",
)  # fmt: skip
_DEGREES = (("Xuất sắc", "A"), ("Giỏi", "A"), ("Khá", "B"), ("Trung bình", "C"))
_SCHOOLS = ("Trường Đại học Kinh tế", "Trường Cao đẳng Y tế", "Trường Đại học Sư phạm")


def diploma(family: Family, rng: Random) -> Facts:
    """Bằng tốt nghiệp: a framed landscape sheet."""
    owner, issued = family.mother, draw_issue_day(rng)
    school = f"{rng.choice(_SCHOOLS)} {owner.home.province_name}"
    number = f"{rng.randint(1, 9999):04}/{issued.year}/ĐH"
    values = {
        "agency": ("BỘ GIÁO DỤC VÀ ĐÀO TẠO", school.upper()),
        "school": school,
        "owner": printed(owner),
        "serial": f"QH {rng.randint(1, 999999):06}",
        "number": number,
        "branch": rng.choice(("Kế toán", "Điều dưỡng", "Giáo dục Tiểu học", "Luật kinh tế")),
        "degree": rng.choice(_DEGREES)[0],
        "year": str(issued.year),
        "placed": place_and_date(owner.home, issued),
        "signer": f"PGS.TS. {draw_official(rng)}",
    }
    fields = fields_of(owner, issued, number)
    del fields["citizen_id"]
    return Facts(values, fields, (school.upper(), "BỘ GIÁO DỤC VÀ ĐÀO TẠO"))


def document_to_certify(family: Family, rng: Random) -> Facts:
    """A school's transcript (bảng điểm), of which a certified copy is asked for."""
    owner, issued = family.father, draw_issue_day(rng)
    school = f"{rng.choice(_SCHOOLS)} {owner.home.province_name}"
    number = f"{rng.randint(10, 990)}/BĐ-ĐT"
    units = [rng.randint(2, 4) for _ in _SUBJECTS]
    marks = [rng.randint(50, 98) / 10 for _ in _SUBJECTS]
    earned = sum(units)
    mean = sum(u * m for u, m in zip(units, marks, strict=True)) / earned
    values = {
        "agency": ("BỘ GIÁO DỤC VÀ ĐÀO TẠO", school.upper().replace(" HỌC ", " HỌC\n", 1)),
        "number": number,
        "owner": printed(owner),
        "student": f"{rng.randint(18, 24)}A{rng.randint(1, 99999):05}",
        "rows": [
            (f"{place:02}", f"HP{rng.randint(100, 999)}", subject, str(unit), decimal(mark))
            for place, (subject, unit, mark) in enumerate(
                zip(_SUBJECTS, units, marks, strict=True), 1
            )
        ],
        "credits": str(earned),
        "mean": decimal(mean, 2),
        "placed": place_and_date(owner.home, issued),
        "signer": f"TS. {draw_official(rng)}",
    }
    return Facts(values, fields_of(owner, issued, number), (school.upper(), "PHÒNG ĐÀO TẠO"))


def enterprise_certificate(family: Family, rng: Random) -> Facts:
    """Giấy chứng nhận đăng ký doanh nghiệp of two members, with a table of their shares."""
    owner, other = family.father, draw_person(rng)
    first = draw_issue_day(rng)
    capital = rng.randint(5, 90) * 100_000_000
    share = rng.choice((51, 60, 70, 80))
    number = f"{rng.randint(100000000, 999999999):010}"
    parts = ((owner, share), (other, 100 - share))
    values = {
        "agency": (f"SỞ TÀI CHÍNH\n{owner.home.province.upper()}", "PHÒNG ĐĂNG KÝ KINH DOANH"),
        "number": number,
        "first": long(first),
        "company": f"Công ty TNHH Thương mại và Dịch vụ {owner.name.rsplit(maxsplit=1)[-1]} Phát",
        "short": f"{owner.name.rsplit(maxsplit=1)[-1].upper()} PHÁT CO., LTD",
        "owner": printed(owner),
        "email": f"congty{rng.randint(100, 999)}@example.vn",
        "capital": amount(capital),
        "capital_spelled": amount_in_words(capital),
        "members": [
            (*map(printed(each).__getitem__, ("name", "address", "citizen_id")),
             amount(capital * part // 100), decimal(part, 3))
            for each, part in parts
        ],
        "signer": draw_official(rng),
    }  # fmt: skip
    seal = ("PHÒNG ĐĂNG KÝ KINH DOANH", owner.home.province.upper())
    return Facts(values, fields_of(owner, first, number), seal)


def members_minutes(family: Family, rng: Random) -> Facts:
    """Biên bản họp thành viên hộ gia đình, written by hand on ruled paper."""
    head, issued = family.father, draw_issue_day(rng)
    guests = [draw_person(rng, home=head.home, family=head.family_name) for _ in range(2)]
    values = {
        "head": printed(head),
        "members": [printed(each) for each in (family.mother, *guests)],
        "hour": f"{rng.randint(8, 20)} giờ {rng.randrange(0, 60, 5):02}",
        "issued": long(issued),
        "business": f"Hộ kinh doanh {head.name.rsplit(maxsplit=1)[-1]} Phát",
        "capital": amount(rng.randint(2, 40) * 10_000_000),
        "placed": place_and_date(head.home, issued),
    }
    fields: Fields = fields_of(head, issued)
    return Facts(values, fields, None)


def criminal_record_certificate(family: Family, rng: Random) -> Facts:
    """Phiếu lý lịch tư pháp số 1: ruled form, nothing recorded."""
    owner, issued = family.mother, draw_issue_day(rng)
    number = f"{rng.randint(100, 9900)}/{issued.year}/PLLTP-CAT"
    values = {
        **committee(owner.home),
        "agency": ("BỘ CÔNG AN", f"CÔNG AN {owner.home.province.upper()}"),
        "number": number,
        "owner": printed(owner),
        "father": draw_name(rng, Sex.MALE, family=owner.family_name),
        "mother": draw_name(rng, Sex.FEMALE),
        "requested": short(issued - timedelta(days=rng.randint(5, 14))),
        "placed": f"{owner.home.province_name}, {long(issued)}",
        "signer": draw_official(rng),
    }
    seal = (f"CÔNG AN {owner.home.province.upper()}", "BỘ CÔNG AN")
    return Facts(values, fields_of(owner, issued, number), seal)
