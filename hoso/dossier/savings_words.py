"""What the report on savings is called, figure by figure, and what each figure means."""

from collections.abc import Mapping

TITLE = {
    "vi": "Giấy tờ không phải nộp lại và tỷ lệ số hóa",
    "en": "Papers not asked for again, and how much is digitised",
}

NOTHING = {"vi": "không có", "en": "N/A"}

FIGURES: Mapping[str, Mapping[str, str]] = {
    "vi": {
        "dossiers": "Hồ sơ tiếp nhận",
        "papers": "Giấy tờ kèm hồ sơ",
        "papers_new": "Nộp mới",
        "papers_reused": "Tái sử dụng",
        "papers_kept": "Giấy tờ đã có bản lưu trữ",
        "pages": "Trang của giấy tờ kèm hồ sơ",
        "pages_new": "Trang nộp mới",
        "pages_reused": "Trang của giấy tái sử dụng",
        "results": "Kết quả giải quyết",
        "results_kept": "Kết quả đã có bản lưu trữ",
        "lines_spared": "Thành phần không phải nộp",
        "reused_not_counted": "Tái sử dụng nhưng không tính tiết kiệm",
        "pages_not_asked": "Trang không phải nộp",
        "copies_not_asked": "Bản giấy không phải nộp",
        "trips_not_asked": "Lượt đi lấy giấy không cần",
        "no_new_paper": "Hồ sơ không phải nộp giấy nào",
        "with_reuse": "Hồ sơ có tái sử dụng",
        "with_paper_from_store": "Hồ sơ lấy giấy từ kho",
        "with_paper_kept": "Hồ sơ có tệp ở thành phần",
        "with_result_kept": "Hồ sơ có tệp ở kết quả",
        "digitised": "Hồ sơ số hóa đủ",
        "digitised_share": "4.2 Số hóa hồ sơ",
        "reuse_share": "4.3 Tái sử dụng giấy tờ",
        "store_share": "4.4 Lấy từ kho của người nộp",
    },
    "en": {
        "dossiers": "Dossiers received",
        "papers": "Papers attached",
        "papers_new": "Handed in",
        "papers_reused": "Reused",
        "papers_kept": "Papers with an archived copy",
        "pages": "Pages of attached papers",
        "pages_new": "Pages handed in",
        "pages_reused": "Pages of reused papers",
        "results": "Results",
        "results_kept": "Results with an archived copy",
        "lines_spared": "Requirements spared",
        "reused_not_counted": "Reused, and not counted as spared",
        "pages_not_asked": "Pages not asked for",
        "copies_not_asked": "Copies not asked for",
        "trips_not_asked": "Trips not needed",
        "no_new_paper": "Dossiers without any paper handed in",
        "with_reuse": "Dossiers with reuse",
        "with_paper_from_store": "Dossiers with a paper from the store",
        "with_paper_kept": "Dossiers with a file in components",
        "with_result_kept": "Dossiers with a file in the result",
        "digitised": "Dossiers digitised",
        "digitised_share": "4.2 Digitised",
        "reuse_share": "4.3 Reuse",
        "store_share": "4.4 From the person's store",
    },
}

MEANINGS: Mapping[str, tuple[str, ...]] = {
    "vi": (
        "Chỉ tính hồ sơ tiếp nhận trong kỳ; không tính hồ sơ cũ được số hóa và hồ sơ không được tiếp nhận. Mỗi mã hồ sơ tính một lần.",
        "Trang không phải nộp: số trang có nội dung (không tính mặt trắng) của giấy tái sử dụng, khi thành phần đó không có giấy nộp mới; nhiều giấy cùng dùng cho một thành phần thì chỉ tính giấy ít trang nhất.",
        "Bản giấy không phải nộp: số bản chính và bản sao mà thành phần đó yêu cầu.",
        "Lượt đi lấy giấy không cần: mỗi hồ sơ nhiều nhất một lượt, khi mọi giấy bắt buộc phải đi lấy đều được tái sử dụng và không nộp mới giấy nào như vậy. Tờ khai làm tại quầy và giấy chỉ xuất trình không phải đi lấy.",
        "4.2: hồ sơ có tệp ở thành phần và có tệp ở kết quả, trên hồ sơ tiếp nhận. 4.3: hồ sơ có ít nhất một thành phần tái sử dụng. 4.4: hồ sơ có ít nhất một giấy lấy từ kho của người nộp. Từ 80 % đạt điểm tối đa (QĐ 766/QĐ-TTg).",
    ),
    "en": (
        "Only dossiers received in the period; digitised old dossiers and those that were not received do not count. Every dossier code counts once.",
        "Pages not asked for: pages of reused papers that bear something (no blank backs), where nothing was handed in for the same requirement; of several papers for one requirement the one with the fewest pages.",
        "Copies not asked for: the originals and copies which that requirement asks for.",
        "Trips not needed: one for a dossier at the most, where every obligatory paper that has to be fetched was reused and none of the kind was handed in. Forms made at the counter and papers that are only shown need not be fetched.",
        "4.2: dossiers with a file in components and a file in the result, of those received. 4.3: dossiers with at least one component reused. 4.4: dossiers with at least one paper from the person's store. Full marks from 80 % (QĐ 766/QĐ-TTg).",
    ),
}

DOUBTS: Mapping[str, Mapping[str, str]] = {
    "vi": {
        "not_archived": "chưa có bản lưu trữ",
        "missing": "tệp bị mất",
        "changed": "tệp bị đổi nội dung",
        "unreadable": "ổ đĩa không đọc được tệp",
        "not_a_pdf": "không mở được tệp như PDF",
        "other_pages": "số trang trong tệp khác số trang đã ghi",
    },
    "en": {
        "not_archived": "no archived copy yet",
        "missing": "the file is missing",
        "changed": "the file's bytes were changed",
        "unreadable": "the disk cannot read the file",
        "not_a_pdf": "the file does not open as PDF",
        "other_pages": "the file has another number of pages",
    },
}

_PROOF = {
    "vi": {
        "holds": "Đã kiểm chứng: mở lại tệp của {papers} giấy tờ, mọi số liệu khớp với tệp lưu.",
        "differs": "CHƯA kiểm chứng: {differing} trong {papers} giấy tờ không khớp với tệp lưu.",
        "unread": "CHƯA kiểm chứng: {unread} trong {papers} giấy tờ chưa được mở lại từ tệp lưu.",
        "nothing": "Không có giấy tờ nào trong kỳ để kiểm chứng.",
    },
    "en": {
        "holds": "Proven: the files of {papers} papers were opened and bear every figure out.",
        "differs": "NOT proven: {differing} of {papers} papers do not agree with their stored files.",
        "unread": "NOT proven: the stored files of {unread} of {papers} papers were never opened.",
        "nothing": "There are no papers in the period to be proven.",
    },
}


def proof_sentence(language: str, *, papers: int, differing: int, unread: int) -> str:
    """How far the report is proven, in one sentence."""
    if not papers:
        word = "nothing"
    elif differing:
        word = "differs"
    else:
        word = "unread" if unread else "holds"
    return _PROOF[language][word].format(papers=papers, differing=differing, unread=unread)
