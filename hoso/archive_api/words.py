"""Sentences that people see, in both languages, for codes that programs rely on."""

from hoso.dossier.status import WORDS as STEPS

__all__ = ["REMARKS", "SCAN_SENTENCES", "STEPS"]

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
        "citizen_card": "Trang có mã QR thẻ căn cước; thẻ chỉ xuất trình, không nên lưu bản quét.",
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
        "citizen_card": "A citizen card's QR on this page; cards are only presented, not kept.",
        "presented_only": "Papers of this type are only presented for comparison, not kept.",
        "no_dossier": "Nothing says whose paper this is. Choose the dossier.",
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
