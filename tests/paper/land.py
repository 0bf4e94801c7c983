"""Papers about land: the certificate, the map, the contract and its tax.

Every kind takes the family of its seed and the chance of its own.
"""

from datetime import date, timedelta
from math import hypot
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
from tests.paper.people import draw_person
from tests.paper.wording import amount, amount_in_words, decimal, long, short

Corner = tuple[float, float]

_MORTGAGED = "Thế chấp quyền sử dụng đất tại Ngân hàng Nông nghiệp và Phát triển nông thôn"


def land_use_certificate(family: Family, rng: Random) -> Facts:
    """Giấy chứng nhận quyền sử dụng đất: a landscape sheet of two columns, owned by both."""
    owner, issued = family.mother, draw_issue_day(rng)
    serial = f"AA {rng.randint(1, 99999999):08}"
    later = issued + timedelta(days=rng.randint(5, 20))
    values = {
        **committee(owner.home),
        **_parcel(rng, owner.address),
        "serial": serial,
        "book": f"CN{rng.randint(100, 99999):05}",
        "placed": place_and_date(owner.home, issued),
        "owner": printed(owner),
        "spouse": printed(family.father),
        "changes": [
            (f"{_MORTGAGED} theo hồ sơ số {rng.randint(1000, 9999):06}.TC.001", short(later)),
            (
                f"Xóa nội dung đăng ký thế chấp ngày {short(later)}",
                short(later + timedelta(days=90)),
            ),
        ],
        "signer": draw_official(rng),
    }
    fields = fields_of(owner, issued, serial)
    del fields["birth_date"]  # the certificate names people by their numbers
    return Facts(values, fields, committee_seal(owner.home))


def cadastral_map_extract(family: Family, rng: Random) -> Facts:
    """Trích lục bản đồ địa chính: the plan of a parcel, its corners and sides in a table."""
    owner, issued = family.mother, draw_issue_day(rng)
    corners = _corners(rng)
    number = f"{rng.randint(10, 990)}/TLBĐ"
    values = {
        "agency": (
            f"VĂN PHÒNG ĐĂNG KÝ ĐẤT ĐAI\n{owner.home.province.upper()}",
            "CHI NHÁNH KHU VỰC " + str(rng.randint(1, 9)),
        ),
        **_parcel(rng, owner.address),
        "number": number,
        "placed": place_and_date(owner.home, issued),
        "owner": printed(owner),
        "plan": corners,
        "area": decimal(_area(corners)),
        "corners": _sides(corners, rng),
        "neighbours": [str(rng.randint(1, 400)) for _ in corners],
        "drawer": draw_official(rng),
        "signer": draw_official(rng),
    }
    fields = fields_of(owner, issued, number)
    del fields["birth_date"]
    seal = ("VĂN PHÒNG ĐĂNG KÝ ĐẤT ĐAI", owner.home.province.upper())
    return Facts(values, fields, seal)


def property_contract(family: Family, rng: Random) -> Facts:
    """Hợp đồng chuyển nhượng quyền sử dụng đất, notarised: small print over two pages."""
    seller, buyer = family.mother, draw_person(rng, home=family.commune)
    issued = draw_issue_day(rng)
    number = f"{rng.randint(100, 9800)}/{issued.year}/CCGD"
    price = rng.randint(45, 480) * 10_000_000
    values = {
        **_parcel(rng, seller.address),
        "number": number,
        "book": f"{rng.randint(1, 12):02}/{issued.year} TP/CC-SCC/HĐGD",
        "issued": long(issued),
        "office": f"Văn phòng Công chứng {draw_official(rng)}, {seller.home.full_name}",
        "seller": printed(seller),
        "spouse": printed(family.father),
        "buyer": printed(buyer),
        "serial": f"AA {rng.randint(1, 99999999):08}",
        "certified": short(issued - timedelta(days=rng.randint(200, 3000))),
        "price": amount(price),
        "price_spelled": amount_in_words(price),
        "deposit": amount(price // 10),
        "rest": amount(price - price // 10),
        "signer": draw_official(rng),
    }
    seal = ("VĂN PHÒNG CÔNG CHỨNG", seller.home.province.upper())
    return Facts(values, fields_of(seller, issued, number), seal)


def tax_declaration(family: Family, rng: Random) -> Facts:
    """Tờ khai lệ phí trước bạ nhà, đất (01/LPTB): numbered items, ticked boxes, sums of money."""
    owner, issued = family.father, draw_issue_day(rng)
    parcel = _parcel(rng, owner.address)
    per_metre = rng.randint(12, 690) * 100_000
    land, house = per_metre * parcel["square_metres"], rng.randint(20, 90) * 10_000_000
    values = {
        **parcel,
        "owner": printed(owner),
        "agent_code": f"0{rng.randint(100000000, 999999999)}",
        "origin": rng.randrange(3),
        "rows": [
            ("Giá trị đất thực tế chuyển giao", amount(land)),
            ("Giá trị nhà thực tế nhận chuyển nhượng", amount(house)),
            ("Giá trị tài sản tính lệ phí trước bạ", amount(land + house)),
            ("Lệ phí trước bạ phải nộp (0,5 %)", amount((land + house) // 200)),
        ],
        "per_metre": amount(per_metre),
        "contract": f"{rng.randint(100, 9800)}/{issued.year}/CCGD",
        "contracted": short(issued - timedelta(days=rng.randint(1, 9))),
        "spelled": amount_in_words((land + house) // 200 // 1000 * 1000),
        "placed": place_and_date(owner.home, issued),
    }
    fields = fields_of(owner, issued)
    del fields["birth_date"]
    return Facts(values, fields, None)


def _parcel(rng: Random, address: str) -> Values:
    square_metres = rng.randint(48, 320)
    return {
        "plot": str(rng.randint(1, 480)),
        "sheet": str(rng.randint(1, 60)),
        "square_metres": square_metres,
        "area": decimal(square_metres),
        "use": rng.choice(("Đất ở tại đô thị", "Đất ở tại nông thôn", "Đất trồng cây lâu năm")),
        "until": rng.choice(("Lâu dài", short(date(2070, 1, 1) + timedelta(rng.randrange(900))))),
        "address": address,
    }


def _corners(rng: Random) -> list[Corner]:
    """Four to six corners in metres, clockwise from the top left, y downwards."""
    width, depth = rng.uniform(6, 18), rng.uniform(14, 26)
    outline = [(0.0, 0.0), (width, 0.0), (width, depth), (0.0, depth)]
    if rng.random() < 0.6:
        outline.insert(2, (width * 1.15, depth * 0.55))
    if rng.random() < 0.4:
        outline.append((-width * 0.12, depth * 0.5))
    return [(x + rng.uniform(-0.6, 0.6), y + rng.uniform(-0.6, 0.6)) for x, y in outline]


def _area(corners: list[Corner]) -> float:
    """By the shoelace formula, square metres."""
    following = corners[1:] + corners[:1]
    return abs(sum(x * v - u * y for (x, y), (u, v) in zip(corners, following, strict=True))) / 2


def _sides(corners: list[Corner], rng: Random) -> list[tuple[str, str, str, str]]:
    """Corner, its X (northwards) and Y in the national grid VN-2000, and the side to the next."""
    north, east = rng.uniform(1_180_000, 2_330_000), rng.uniform(540_000, 612_000)
    following = corners[1:] + corners[:1]
    return [
        (str(place), f"{north - y:.2f}", f"{east + x:.2f}", decimal(hypot(u - x, v - y), 2))
        for place, ((x, y), (u, v)) in enumerate(zip(corners, following, strict=True), 1)
    ]
