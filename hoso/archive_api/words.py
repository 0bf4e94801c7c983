"""Sentences that people see, in both languages, for codes that programs rely on."""

from hoso.dossier.status import WORDS as STEPS

__all__ = ["DOUBTS", "FIELDS", "POINTS", "REMARKS", "SCAN_SENTENCES", "STEPS"]

REMARKS = {
    "vi": {
        "two_separators": "Trang có hai mã tờ phân cách khác nhau. Hãy xếp trang này bằng tay.",
        "two_dossier_codes": "Trang có hai mã hồ sơ khác nhau. Hãy xếp trang này bằng tay.",
        "unknown_dossier": "Mã hồ sơ trên trang không có trong hệ thống. Hãy kiểm tra tờ phân cách hoặc giấy hẹn.",
        "other_dossier": "Trang mang mã của hồ sơ khác. Hãy kiểm tra có bỏ lẫn giấy tờ không.",
        "unknown_component_type": "Tờ phân cách có loại giấy tờ không còn trong danh mục. Hãy in tờ mới.",
        "slip_code_unread": "Giấy hẹn không đọc được mã hồ sơ. Hãy quét lại giấy hẹn.",
        "separator_without_pages": "Sau tờ phân cách không có trang nào. Hãy kiểm tra có sót giấy tờ không.",
        "foreign_code": "Trang có mã vạch của nơi khác; hệ thống bỏ qua mã đó.",
        "citizen_card": "Trang giống thẻ căn cước: chỉ xuất trình để đối chiếu, không lưu bản quét.",
        "beside_card": "Trang kề thẻ căn cước có thể là mặt kia của thẻ. Chỉ xếp nếu đây là giấy tờ khác.",
        "presented_only": "Loại giấy tờ này chỉ xuất trình để đối chiếu, không lưu bản quét.",
        "no_dossier": "Chưa biết giấy tờ này của hồ sơ nào. Hãy chọn hồ sơ.",
    },
    "en": {
        "two_separators": "Two different separator codes on this page. File it by hand.",
        "two_dossier_codes": "Two different dossier codes on this page. File it by hand.",
        "unknown_dossier": "The dossier code on this page is not known here. Check the sheet or slip.",
        "other_dossier": "This page bears another dossier's code. Check that no papers were mixed up.",
        "unknown_component_type": "The separator names a type that left the catalogue. Print a new one.",
        "slip_code_unread": "The slip's dossier code could not be read. Scan the slip again.",
        "separator_without_pages": "Nothing follows this separator. Check that no paper is missing.",
        "foreign_code": "A code of somebody else on this page; it is ignored.",
        "citizen_card": "This looks like an ID card: it is presented only and not kept.",
        "beside_card": "Beside an ID card: it may be the card's other side. File it only if it is not.",
        "presented_only": "Papers of this type are only presented for comparison, not kept.",
        "no_dossier": "Nothing says whose paper this is. Choose the dossier.",
    },
}

FIELDS = {
    "vi": {
        "component_type": "Loại giấy tờ",
        "owner_name": "Họ và tên người trên giấy",
        "citizen_id": "Số định danh cá nhân",
        "birth_date": "Ngày sinh",
        "paper_number": "Số của giấy tờ",
        "issued_on": "Ngày cấp",
        "valid_until": "Có giá trị đến ngày",
        "tax_code": "Mã số thuế",
        "issuer": "Cơ quan cấp",
        "spouse_name": "Họ và tên chồng hoặc vợ",
        "spouse_citizen_id": "Số định danh của chồng hoặc vợ",
    },
    "en": {
        "component_type": "Kind of paper",
        "owner_name": "Name on the paper",
        "citizen_id": "Citizen id",
        "birth_date": "Date of birth",
        "paper_number": "Number of the paper",
        "issued_on": "Date of issue",
        "valid_until": "Valid until",
        "tax_code": "Tax code",
        "issuer": "Issued by",
        "spouse_name": "Spouse's name",
        "spouse_citizen_id": "Spouse's citizen id",
    },
}

DOUBTS = {
    "vi": {
        "other_owner": "Số trên giấy không phải số của chủ hồ sơ. Có thể giấy của người khác.",
        "other_type": "Tiêu đề cho thấy giấy thuộc loại khác với loại đã xếp.",
        "other_name": "Tên trên giấy khác tên chủ hồ sơ.",
        "other_birth_date": "Ngày sinh trên giấy khác ngày sinh trên thẻ căn cước.",
        "impossible_id": "Số này sai cấu tạo của số định danh.",
        "unlike_birth_date": "Năm sinh trong số định danh khác với ngày sinh trên giấy.",
        "unknown_province": "Ba chữ số đầu không phải mã tỉnh nào đã biết.",
        "in_the_future": "Ngày này chưa tới.",
        "before_birth": "Ngày cấp trước ngày sinh.",
        "impossible_tax_code": "Số này sai chữ số kiểm tra của mã số thuế.",
        "ends_before_issue": "Ngày hết giá trị trước ngày cấp.",
        "read_badly": "Máy đọc chưa rõ chỗ này.",
        "decides_validity": "Ngày này quyết định giấy còn giá trị đến bao giờ.",
    },
    "en": {
        "other_owner": "The number is not the dossier owner's. It may be somebody else's paper.",
        "other_type": "The title says that this is another kind than it is filed under.",
        "other_name": "The name is not the dossier owner's.",
        "other_birth_date": "The date of birth is not the one on the owner's card.",
        "impossible_id": "No citizen id is built like this.",
        "unlike_birth_date": "The year within the citizen id is not that of the date of birth.",
        "unknown_province": "The first three digits are no province's code.",
        "in_the_future": "This day is still to come.",
        "before_birth": "Issued before the owner was born.",
        "impossible_tax_code": "Its check digit is wrong: this is no tax code.",
        "ends_before_issue": "It ends before it was issued.",
        "read_badly": "This was read with doubt.",
        "decides_validity": "This day decides how long the paper is good.",
    },
}

POINTS = {
    "vi": {
        "pictures": "hình trang",
        "words": "lời văn",
        "figures": "các con số và ngày tháng",
        "number": "số của giấy tờ",
        "issued_on": "ngày cấp",
        "pages": "số trang",
        "kind": "loại giấy tờ",
    },
    "en": {
        "pictures": "how the pages look",
        "words": "what they say",
        "figures": "the numbers and dates on them",
        "number": "number of the paper",
        "issued_on": "date of issue",
        "pages": "how many pages",
        "kind": "kind of paper",
    },
}

SCAN_SENTENCES = {
    "vi": {
        "offered": "Đã giao {dossier}. Chờ bên nhận quét mã.",
        "received": "{holder} đã nhận {dossier}.",
        "offer_withdrawn": "Đã hủy giao; {holder} vẫn giữ {dossier}.",
        "already_holds": "{holder} đang giữ {dossier} rồi.",
        "not_offered": "{holder} chưa giao {dossier}. Hãy mời bên giao quét mã trước.",
        "offered_elsewhere": "{dossier} được giao cho {to}, không phải bộ phận này.",
        "not_holder": "{dossier} đang ở {holder} nên bộ phận này không giao được.",
        "newer_offer": "Lần giao này đã được thay bằng lần giao sau.",
        "unknown_desk": "Bộ phận nhận không còn trong danh mục. Hãy chọn bộ phận khác cho {dossier}.",
        "to_itself": "Không thể giao {dossier} cho chính mình. Hãy chọn bộ phận khác.",
        "before_start": "Giờ quét trước lúc tiếp nhận {dossier}. Hãy chỉnh đồng hồ của máy quét.",
        "clock_ahead": "Giờ của máy quét chạy nhanh. Hãy chỉnh đồng hồ rồi quét lại {dossier}.",
        "event_id_reused": "Mã lần quét này đã dùng cho một lần quét khác. Hãy quét lại {dossier}.",
        "unknown_code": "Mã này không phải của hồ sơ nào. Hãy quét mã vạch trên giấy hẹn.",
    },
    "en": {
        "offered": "{dossier} is given. Waiting for the receiver's scan.",
        "received": "{holder} has received {dossier}.",
        "offer_withdrawn": "Taken back; {holder} still holds {dossier}.",
        "already_holds": "{holder} holds {dossier} already.",
        "not_offered": "{holder} has not given {dossier} yet. Ask them to scan it first.",
        "offered_elsewhere": "{dossier} was given to {to}, not to this desk.",
        "not_holder": "{dossier} is at {holder}; this desk cannot give it.",
        "newer_offer": "A later scan replaced this one.",
        "unknown_desk": "The receiving desk left the catalogue. Choose another for {dossier}.",
        "to_itself": "{dossier} cannot be given to the desk that holds it. Choose another.",
        "before_start": "The scan is dated before {dossier} was received. Set the reader's clock.",
        "clock_ahead": "The reader's clock is ahead. Set it and scan {dossier} again.",
        "event_id_reused": "This event id was used for another scan. Scan {dossier} again.",
        "unknown_code": "This code belongs to no dossier. Scan the barcode on the slip.",
    },
}
