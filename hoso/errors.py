"""The whole family of refusals: a stable code and a sentence that says what to do next.

Every class names its facts in its two sentences; `HosoError(**facts)` fills them in. HTTP
status and exit code are decided at the edge by the kind (the classes right below HosoError).
"""

import errno
from typing import ClassVar


class HosoError(Exception):
    """Something hoso will not or cannot do, said so that a person can act on it."""

    code: ClassVar[str] = "error"
    vi: ClassVar[str] = "Có lỗi xảy ra."
    en: ClassVar[str] = "Something went wrong."

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.sentence("en"))

    def sentence(self, language: str = "vi") -> str:
        """What happened and what to do, in `vi` or `en`."""
        return (self.en if language == "en" else self.vi).format(**self.facts)

    def __reduce__(self) -> tuple[object, ...]:
        # Facts are keyword-only; plain pickling would drop them on the way out of a child process.
        return (_rebuild, (type(self), self.facts))


def _rebuild(kind: type[HosoError], facts: dict[str, object]) -> HosoError:
    return kind(**facts)


# The kinds -----------------------------------------------------------------------------------


class Refused(HosoError):
    """The request itself cannot be accepted; changing it helps."""


class NotFound(HosoError):
    """What was asked for does not exist, or not for this person."""


class Conflict(HosoError):
    """It would be right at another moment or in another state."""


class NotSignedIn(HosoError):
    """Nobody is known to be asking."""


class Forbidden(HosoError):
    """Known, but not allowed."""


class Unavailable(HosoError):
    """Something hoso needs does not answer; trying again later helps."""


# Files taken in ------------------------------------------------------------------------------


class FileRefused(Refused):
    """A file that cannot become pages."""


class FileEmpty(FileRefused):
    code = "file_empty"
    vi = "Tệp {name} rỗng. Hãy quét lại rồi gửi lại."
    en = "{name} is empty. Scan again and send it again."


class FileTooLarge(FileRefused):
    code = "file_too_large"
    vi = "Tệp {name} lớn hơn {limit_mb} MB. Hãy chia thành nhiều tệp nhỏ hơn."
    en = "{name} is larger than {limit_mb} MB. Split it into smaller files."


class FileKindUnknown(FileRefused):
    code = "file_kind_unknown"
    vi = "Tệp {name} không phải PDF, TIFF, JPEG, PNG hay WebP. Hãy lưu thành PDF rồi gửi lại."
    en = "{name} is not PDF, TIFF, JPEG, PNG or WebP. Save it as PDF and send it again."


class FileDamaged(FileRefused):
    code = "file_damaged"
    vi = "Tệp {name} bị hỏng hoặc chưa đầy đủ. Hãy quét lại hoặc xuất lại tệp."
    en = "{name} is damaged or incomplete. Scan or export it again."


class FileEncrypted(FileRefused):
    code = "file_encrypted"
    vi = "Tệp {name} có mật khẩu. Hãy bỏ mật khẩu rồi gửi lại."
    en = "{name} is protected by a password. Remove the password and send it again."


class FileHasNoPages(FileRefused):
    code = "file_has_no_pages"
    vi = "Tệp {name} không có trang nào. Hãy quét lại."
    en = "{name} has no pages. Scan again."


class FileTooManyPages(FileRefused):
    code = "file_too_many_pages"
    vi = "Tệp {name} có {pages} trang, nhiều hơn {limit}. Hãy chia thành nhiều tệp."
    en = "{name} has {pages} pages, more than {limit}. Split it into several files."


class PageTooLarge(FileRefused):
    code = "page_too_large"
    vi = (
        "Trang {page} của {name} có {megapixels} triệu điểm ảnh, nhiều hơn {limit} triệu. "
        "Hãy quét lại ở 300 dpi."
    )
    en = (
        "Page {page} of {name} has {megapixels} million pixels, more than {limit} million. "
        "Scan it again at 300 dpi."
    )


class FileUnreadable(FileRefused):
    code = "file_unreadable"
    vi = "Không mở được tệp {name}: nó làm chương trình đọc dừng lại. Hãy in ra và quét lại."
    en = "{name} cannot be opened: it stops the reading program. Print it and scan it again."


# Work on pages -------------------------------------------------------------------------------


class WorkFailed(HosoError):
    """Work in a child process that did not come to an end."""


class WorkTimedOut(WorkFailed):
    code = "work_timed_out"
    vi = "Việc đọc quá {seconds} giây nên đã dừng."
    en = "The work took longer than {seconds} seconds and was stopped."


class WorkCrashed(WorkFailed):
    code = "work_crashed"
    vi = "Chương trình đọc đã dừng đột ngột ({reason})."
    en = "The reading program stopped abruptly ({reason})."


class TemporaryFolderTooLong(Unavailable):
    code = "temporary_folder_too_long"
    vi = "Đường dẫn thư mục tạm quá dài: {folder}. Hãy đặt biến TMPDIR là một thư mục ngắn hơn."
    en = "The path of the temporary folder is too long: {folder}. Set TMPDIR to a shorter one."


class OcrUnavailable(Unavailable):
    code = "ocr_unavailable"
    vi = "Không chạy được Tesseract với dữ liệu '{language}'. Hãy cài tesseract-ocr-{language}."
    en = "Tesseract cannot run with the data '{language}'. Install tesseract-ocr-{language}."


class OcrEngineMissing(OcrUnavailable):
    code = "ocr_engine_missing"
    vi = (
        "Chưa cài tesserocr. Hãy chạy pip install 'hoso[fast]' "
        "hoặc đặt HOSO_OCR_ENGINE=pytesseract."
    )
    en = (
        "tesserocr is not installed. Run pip install 'hoso[fast]' or set "
        "HOSO_OCR_ENGINE=pytesseract."
    )


# Codes and forms -----------------------------------------------------------------------------


class DossierCodeMalformed(Refused):
    # Says nothing of what was typed: a citizen's number often lands in the wrong field.
    code = "dossier_code_malformed"
    vi = (
        "Mã hồ sơ không đúng dạng. Mã đúng có dạng H57.22.10-261122-0001: "
        "hãy quét lại mã vạch trên giấy hẹn hoặc gõ lại."
    )
    en = (
        "This is not a dossier code. A code looks like H57.22.10-261122-0001: "
        "scan the slip's barcode again or type it again."
    )


class LabelNumberOutOfRange(Refused):
    code = "label_number_out_of_range"
    vi = "Số {number} không in lên nhãn được. Hãy dùng số từ 0, nhiều nhất {digits} chữ số."
    en = "The number {number} does not fit on a label. Use 0 or more, at most {digits} digits."


class FormTemplateBroken(Unavailable):
    code = "form_template_broken"
    vi = "Mẫu in {template} có lỗi: {reason}. Hãy sửa mẫu này hoặc dùng lại mẫu có sẵn."
    en = "The form {template} has an error: {reason}. Mend it or go back to the built-in form."


class SlipUnreadable(Unavailable):
    code = "slip_unreadable"
    vi = (
        "Giấy hẹn vừa tạo không đọc lại được ({missing}) nên chưa đưa ra in. "
        "Hãy tạo lại; nếu vẫn lỗi, hãy dùng lại mẫu in có sẵn và báo quản trị viên."
    )
    en = (
        "The slip just made does not read back ({missing}) and is not offered for printing. "
        "Make it again; if that fails, go back to the built-in form and tell the administrator."
    )


# Recognition ---------------------------------------------------------------------------------


class OcrFailed(WorkFailed):
    """One page that could not be recognised; it is kept without words."""


class PageTimedOut(OcrFailed):
    code = "ocr_timed_out"
    vi = "Nhận dạng trang quá {seconds} giây nên đã dừng. Trang vẫn được giữ, chưa có văn bản."
    en = "Recognising the page took longer than {seconds} seconds. It is kept, without text."


class RecognitionCrashed(OcrFailed):
    code = "ocr_crashed"
    vi = (
        "Chương trình nhận dạng đã dừng đột ngột ({reason}). Trang vẫn được giữ, chưa có văn bản. "
        "Hãy quét lại trang này nếu cần tìm theo nội dung."
    )
    en = (
        "The recognising program stopped abruptly ({reason}). The page is kept, without text. "
        "Scan it again if its words must be found."
    )


# Numbers of people and organisations ---------------------------------------------------------
# A sentence here never repeats the number: refusals end up in logs.


class CitizenIdMalformed(Refused):
    code = "citizen_id_malformed"
    vi = "Số định danh cá nhân gồm đúng 12 chữ số. Hãy đối chiếu với thẻ căn cước rồi nhập lại."
    en = "A citizen number has exactly 12 digits. Compare it with the identity card and type again."


class CitizenIdNineDigits(Refused):
    code = "citizen_id_nine_digits"
    vi = (
        "Đây là số chứng minh nhân dân cũ (9 chữ số). "
        "Hãy nhập số định danh 12 chữ số trên thẻ căn cước hoặc trong VNeID."
    )
    en = (
        "This is an old 9-digit identity card number. "
        "Enter the 12-digit citizen number from the identity card or VNeID."
    )


class OldNumberMalformed(Refused):
    code = "old_number_malformed"
    vi = "Số chứng minh nhân dân cũ gồm đúng 9 chữ số. Hãy đối chiếu với giấy tờ rồi nhập lại."
    en = "An old identity card number has exactly 9 digits. Compare it with the paper, type again."


class OldNumberUnknown(Refused):
    code = "old_number_unknown"
    vi = (
        "Chưa biết số chứng minh nhân dân cũ (9 chữ số) này là của ai. Hãy hỏi số định danh "
        "12 chữ số hoặc quét mã QR trên thẻ căn cước. Khi tiếp nhận hồ sơ bằng thẻ, số cũ trên thẻ "
        "sẽ được ghi nhớ."
    )
    en = (
        "Nobody is known by this old 9-digit number yet. Ask for the 12-digit citizen number or "
        "scan the card's QR code. When a dossier is received by the card, the old number on it is "
        "remembered."
    )


class CitizenIdBornInFuture(Refused):
    code = "citizen_id_born_in_future"
    vi = (
        "Số định danh này ứng với năm sinh {birth_year}, sau năm nay. "
        "Hãy kiểm tra chữ số thứ 4 đến thứ 6 rồi nhập lại."
    )
    en = (
        "This citizen number says born in {birth_year}, which is yet to come. "
        "Check its 4th to 6th digits and type again."
    )


class CardQrMalformed(Refused):
    code = "card_qr_malformed"
    # Each reason names a field, never what stands in it.
    vi = (
        "Mã QR của thẻ không dùng được: {reason_vi} "
        "Hãy quét lại, hoặc gõ 12 chữ số và đối chiếu với thẻ."
    )
    en = (
        "The card's QR cannot be used: {reason_en} "
        "Scan it again, or type the 12 digits and compare them with the card."
    )


class TaxCodeMalformed(Refused):
    code = "tax_code_malformed"
    vi = (
        "Mã số thuế phải gồm 10 hoặc 13 chữ số và đúng chữ số kiểm tra. "
        "Hãy đối chiếu với giấy đăng ký; cá nhân thì nhập số định danh 12 chữ số."
    )
    en = (
        "A tax code has 10 or 13 digits and a right check digit. "
        "Compare it with the registration; for a person enter the 12-digit citizen number."
    )


# Catalogue and calendar ----------------------------------------------------------------------


class CatalogueMalformed(Refused):
    code = "catalogue_malformed"
    vi = "Danh mục {file}, mục “{entry}”: {what_vi}. Hãy sửa tệp rồi nạp lại."
    en = "Catalogue {file}, entry “{entry}”: {what_en}. Correct the file and load it again."


class CalendarYearMissing(Refused):
    code = "calendar_year_missing"
    vi = "Lịch làm việc chưa có năm {year}. Hãy bổ sung ngày nghỉ của năm đó rồi tính lại."
    en = "The working calendar does not cover {year}. Add that year's days off and try again."


# Storage -------------------------------------------------------------------------------------


class ObjectMissing(NotFound):
    """The store answers, and has no such object."""

    code = "object_missing"
    vi = "Không tìm thấy tệp {sha256} trong kho. Hãy chạy `hoso fsck` và báo quản trị viên."
    en = "Object {sha256} is not in the store. Run `hoso fsck` and tell the administrator."


class ObjectDamaged(Unavailable):
    """The store has an object under that name, and its bytes are not its own."""

    code = "object_damaged"
    vi = "Tệp {sha256} trong kho đã bị hỏng. Hãy chạy `hoso fsck --repair` và báo quản trị viên."
    en = (
        "Object {sha256} in the store is damaged. "
        "Run `hoso fsck --repair` and tell the administrator."
    )


class ReplicaUnset(Refused):
    code = "replica_unset"
    vi = "Chưa có kho thứ hai. Hãy đặt HOSO_REPLICA_URL, ví dụ file:/thư/mục, rồi chạy lại."
    en = "There is no second store. Set HOSO_REPLICA_URL, e.g. file:/some/folder, and run again."


class ObjectNotHereYet(Unavailable):
    """It may still lie in the spool of the machine that took it in."""

    code = "object_not_here_yet"
    vi = (
        "Tệp {sha256} chưa tới kho chung. Nếu kéo dài, hãy kiểm tra máy đã nhận tệp này "
        "có đang chạy và kết nối được kho lưu trữ không (`hoso doctor`)."
    )
    en = (
        "Object {sha256} has not reached the common store. If it stays so, check that the machine "
        "that took it in is running and reaches the store (`hoso doctor`)."
    )


class StoreFull(Unavailable):
    """There is no room left; nothing was kept."""

    code = "store_full"
    vi = "Ổ đĩa đã hết chỗ nên chưa ghi được gì. Hãy giải phóng chỗ rồi làm lại."
    en = "The disk is full, so nothing was written. Make some room and do it again."


def says_full(fault: BaseException) -> bool:
    """Whether the system refused to write for want of room: the disk or a quota is full."""
    return isinstance(fault, OSError) and fault.errno in {errno.ENOSPC, errno.EDQUOT}


class StorageUrlUnknown(Unavailable):
    # The URL is not repeated: somebody may have put a key into it.
    code = "storage_url_unknown"
    vi = (
        "Không hiểu địa chỉ kho lưu trữ dạng '{kind}'. "
        "Hãy dùng file:/thư/mục hoặc s3://kho?endpoint=https://máy-chủ."
    )
    en = (
        "A store address of the kind '{kind}' is not understood. "
        "Use file:/some/folder or s3://bucket?endpoint=https://server."
    )


class StoreUnreachable(Unavailable):
    """No answer, or not to its end. It passes; what was asked can be asked again."""

    code = "store_unreachable"
    vi = (
        "Không kết nối được kho lưu trữ ({reason}). Hãy thử lại sau giây lát; nếu kéo dài, "
        "hãy kiểm tra mạng, máy chủ và HOSO_STORAGE_URL."
    )
    en = (
        "The store cannot be reached ({reason}). Try again in a moment; if it stays so, "
        "check the network, the server and HOSO_STORAGE_URL."
    )


class StoreBusy(Unavailable):
    """The server answers that it cannot now."""

    code = "store_busy"
    vi = "Kho lưu trữ đang quá tải hoặc gặp sự cố ({reason}). Hãy thử lại sau giây lát."
    en = "The store is overloaded or in trouble ({reason}). Try again in a moment."


class StoreMisconfigured(Unavailable):
    """An operator has to mend something; work waits for it and is not set aside."""


class StoreDenied(StoreMisconfigured):
    code = "store_denied"
    vi = (
        "Kho lưu trữ từ chối quyền vào '{bucket}' ({reason}). Hãy kiểm tra HOSO_S3_ACCESS_KEY, "
        "HOSO_S3_SECRET_KEY, quyền của khóa và giờ của máy."
    )
    en = (
        "The store denies access to '{bucket}' ({reason}). Check HOSO_S3_ACCESS_KEY, "
        "HOSO_S3_SECRET_KEY, the key's rights and this machine's clock."
    )


class StorePlaceMissing(StoreMisconfigured):
    code = "store_place_missing"
    vi = "Kho lưu trữ không có '{bucket}'. Hãy tạo bucket này hoặc sửa HOSO_STORAGE_URL."
    en = "The store has no bucket '{bucket}'. Make it or correct HOSO_STORAGE_URL."


class StoreCertificateRefused(StoreMisconfigured):
    code = "store_certificate_refused"
    vi = (
        "Không tin được chứng thư TLS của kho lưu trữ ({reason}). Hãy đặt HOSO_S3_CA_CERTIFICATE "
        "là tệp chứng thư gốc của đơn vị, hoặc sửa chứng thư trên máy chủ."
    )
    en = (
        "The store's TLS certificate is not trusted ({reason}). Set HOSO_S3_CA_CERTIFICATE to "
        "your authority's certificate, or mend the server's."
    )


class StoreUnexpected(StoreMisconfigured):
    code = "store_unexpected"
    vi = (
        "Kho lưu trữ trả lời điều không hiểu được ({reason}). "
        "Hãy chạy `hoso doctor` và kiểm tra địa chỉ có đúng là một máy chủ S3 không."
    )
    en = (
        "The store answers something that is not understood ({reason}). "
        "Run `hoso doctor` and check that the address is that of an S3 server."
    )


class StoreChangedOnTheWay(Unavailable):
    code = "store_changed_on_the_way"
    vi = "Tệp {sha256} đọc từ kho không đúng nội dung gốc. Hãy chạy `hoso fsck`."
    en = "Object {sha256} does not come from the store as it was kept. Run `hoso fsck`."


class RetentionImpossible(Refused):
    code = "retention_impossible"
    vi = (
        "Kho lưu trữ này không khóa được tệp. Hãy dùng bucket S3 có bật Object Lock "
        "(xem docs/howto/s3.md)."
    )
    en = "This store cannot lock objects. Use an S3 bucket with Object Lock (docs/howto/s3.md)."


class BackupUnknown(NotFound):
    code = "backup_unknown"
    vi = "Không có bản sao lưu {backup} ở {place}. Hãy xem danh sách: `hoso backup --list`."
    en = "There is no backup {backup} in {place}. List what is there: `hoso backup --list`."


class BackupNone(NotFound):
    code = "backup_none"
    vi = "Chưa có bản sao lưu nào ở {place}. Hãy kiểm tra đường dẫn, hoặc tạo bằng `hoso backup`."
    en = "There is no backup in {place} yet. Check the path, or make one with `hoso backup`."


class BackupDamaged(Refused):
    code = "backup_damaged"
    vi = (
        "Bản sao lưu {backup} bị hỏng ({what}). Chưa ghi gì vào cơ sở dữ liệu. "
        "Hãy dùng bản sao lưu khác hoặc nơi lưu khác."
    )
    en = (
        "Backup {backup} is damaged ({what}). Nothing was written to the database. "
        "Use another backup or another place."
    )


class BackupOfOtherRelease(Refused):
    code = "backup_of_other_release"
    vi = (
        "Bản sao lưu này của hoso {theirs} (lược đồ {their_schema}), ở đây là lược đồ {schema}. "
        "Hãy khôi phục bằng hoso {theirs}, rồi nâng cấp."
    )
    en = (
        "This backup was made by hoso {theirs} (schema {their_schema}); here is schema {schema}. "
        "Restore it with hoso {theirs}, then upgrade."
    )


class BackupPlaceBusy(Conflict):
    code = "backup_place_busy"
    vi = "Một lệnh sao lưu khác đang dùng {place}. Hãy đợi lệnh ấy xong rồi chạy lại."
    en = "Another backup command is using {place}. Wait for it to end and run again."


class ArchiveNotEmpty(Conflict):
    code = "archive_not_empty"
    vi = (
        "Kho hồ sơ này đã có dữ liệu (bảng {table}) nên không khôi phục đè lên. "
        "Hãy đặt HOSO_DATA_DIR hoặc HOSO_DATABASE_URL vào nơi còn trống rồi chạy lại."
    )
    en = (
        "This archive has rows already (table {table}); nothing is restored over them. "
        "Point HOSO_DATA_DIR or HOSO_DATABASE_URL at an empty place and run again."
    )


class NothingToExport(NotFound):
    code = "nothing_to_export"
    vi = "Chưa có giấy tờ nào của người này. Hãy kiểm tra lại số đã nhập."
    en = "There are no papers of this person. Check the number."


class TargetExists(Conflict):
    code = "target_exists"
    vi = "{path} đã có sẵn nên không ghi đè. Hãy chọn tên khác."
    en = "{path} exists and is not written over. Choose another name."


class ExportUnreadable(Unavailable):
    code = "export_unreadable"
    vi = "Bản xuất vừa ghi đọc lại không đúng ({reason}). Hãy kiểm tra ổ đĩa rồi xuất lại."
    en = "The export just written does not read back ({reason}). Check the disk and export again."


# Scans ---------------------------------------------------------------------------------------


class BatchUnknown(NotFound):
    code = "batch_unknown"
    vi = "Không có lô quét {batch}. Hãy kiểm tra lại mã lô."
    en = "There is no scan batch {batch}. Check its id."


class ManifestUnreadable(Refused):
    code = "manifest_unreadable"
    vi = "Không đọc được bảng kê {name}. Hãy lưu lại dạng “CSV UTF-8” rồi chạy lại."
    en = "The manifest {name} cannot be read. Save it as “CSV UTF-8” and run again."


class ManifestColumnMissing(Refused):
    code = "manifest_column_missing"
    vi = "Bảng kê thiếu cột: {columns}. Hãy thêm cột theo docs/howto/bulk.md rồi chạy lại."
    en = "The manifest lacks columns: {columns}. Add them as docs/howto/bulk.md says and run again."


class ManifestCellMissing(Refused):
    code = "manifest_cell_missing"
    vi = "Dòng này chưa ghi {cell}. Hãy ghi thêm vào bảng kê."
    en = "This line has no {cell}. Fill it in."


class ManifestDateMalformed(Refused):
    code = "manifest_date_malformed"
    vi = "Ngày '{date}' không đúng hoặc ở sau hôm nay. Hãy ghi ngày/tháng/năm, ví dụ 05/03/2012."
    en = "The date '{date}' is wrong or yet to come. Write day/month/year, such as 05/03/2012."


class ManifestPathOutside(Refused):
    code = "manifest_path_outside"
    vi = "Đường dẫn {path} dẫn ra ngoài thư mục. Hãy chép tệp vào thư mục và ghi lại đường dẫn."
    en = "The path {path} leads out of the folder. Copy the file into it and correct the path."


class ManifestFileMissing(Refused):
    code = "manifest_file_missing"
    vi = "Không có tệp {path} trong thư mục. Hãy kiểm tra tên tệp trong bảng kê."
    en = "There is no file {path} in the folder. Check its name in the manifest."


class BatchFiled(Conflict):
    code = "batch_filed"
    vi = "Lô quét {batch} đã xếp vào hồ sơ nên không hủy được. Hãy sửa trong hồ sơ đó."
    en = "Scan batch {batch} is filed already and cannot be cancelled. Correct it in its dossier."


class JobUnknown(NotFound):
    code = "job_unknown"
    vi = "Không có việc {job} đang chờ hoặc để riêng. Hãy xem lại bằng `hoso jobs list`."
    en = "There is no job {job} that waits or is set aside. Look again with `hoso jobs list`."


class JobNotDroppable(Conflict):
    code = "job_not_droppable"
    vi = (
        "Không bỏ được việc {job}: giấy tờ đã xếp vào hồ sơ thì phải có bản lưu trữ. "
        "Hãy sửa nguyên nhân rồi chạy `hoso jobs retry {job}`."
    )
    en = (
        "Job {job} cannot be dropped: a filed paper needs its archived copy. "
        "Mend the cause, then run `hoso jobs retry {job}`."
    )


class PagesKnown(Conflict):
    code = "pages_known"
    vi = "Các trang của {name} đã có trong lô quét {batch}. Hãy dùng lô đó."
    en = "The pages of {name} are already here, in scan batch {batch}. Use that one."


class PageUnknown(NotFound):
    code = "page_unknown"
    vi = "Không có trang {page}. Hãy tải lại danh sách trang."
    en = "There is no page {page}. Reload the list of pages."


class PagesNotUnclaimed(Conflict):
    code = "pages_not_unclaimed"
    vi = "Trang {pages} của lô quét không còn chờ xếp. Hãy tải lại trang này."
    en = "Pages {pages} of the batch are not waiting to be filed. Reload the page."


class PresentedOnly(Refused):
    code = "presented_only"
    vi = "{title} chỉ xuất trình để đối chiếu, không lưu bản quét (TT 01/2023, Điều 4)."
    en = "{title} is only presented for comparison; no scan is kept (Circular 01/2023, art. 4)."


class CardNotKept(PresentedOnly):
    code = "card_not_kept"
    vi = (
        "Trang {pages} có mã QR của thẻ căn cước. Thẻ chỉ xuất trình để đối chiếu, không lưu bản "
        "quét (TT 01/2023, Điều 4). Hãy trả thẻ cho người dân; nếu trang còn giấy tờ khác, "
        "bỏ thẻ ra rồi quét lại."
    )
    en = (
        "Page {pages} bears the QR of an identity card. A card is only presented for comparison; "
        "no scan is kept (Circular 01/2023, art. 4). Give the card back; if the page holds "
        "another paper too, take the card off it and scan again."
    )


class CardInOriginal(PresentedOnly):
    code = "card_in_original"
    vi = (
        "Tệp gốc có trang thẻ căn cước (trang {pages}): thẻ chỉ xuất trình, không lưu và không "
        "chuyển cho ai (TT 01/2023, Điều 4). Hãy dùng bản lưu trữ của giấy tờ."
    )
    en = (
        "Page {pages} of the original is an identity card: cards are only presented and given to "
        "nobody (Circular 01/2023, art. 4). Use the paper's archived copy."
    )


# Owners and dossiers -------------------------------------------------------------------------


class DossierUnknown(NotFound):
    code = "dossier_unknown"
    vi = "Không có hồ sơ {dossier}. Hãy quét lại mã trên giấy hẹn."
    en = "There is no dossier {dossier}. Scan the code on the slip again."


class ProcedureUnknown(NotFound):
    code = "procedure_unknown"
    vi = "Không có thủ tục {procedure} trong danh mục. Hãy chọn lại thủ tục."
    en = "Procedure {procedure} is not in the catalogue. Choose again."


class ComponentTypeUnknown(NotFound):
    code = "component_type_unknown"
    vi = "Không có loại giấy tờ '{type}' trong danh mục. Hãy chọn lại loại giấy tờ."
    en = "Component type '{type}' is not in the catalogue. Choose again."


class ComponentUnknown(NotFound):
    code = "component_unknown"
    vi = "Không có giấy tờ {component}. Hãy tra cứu lại."
    en = "There is no component {component}. Look it up again."


class ComponentTypeInUse(Conflict):
    code = "component_type_in_use"
    vi = (
        "Không bỏ được loại giấy tờ '{type}': kho đang lưu {papers} giấy tờ loại này. "
        "Hãy giữ mục đó trong danh mục."
    )
    en = (
        "The kind of paper '{type}' cannot leave the catalogue: the archive holds {papers} of it. "
        "Keep its entry."
    )


class CatalogueTableMalformed(Refused):
    code = "catalogue_table_malformed"
    vi = "Bảng {table}, dòng {row}: {what_vi}."
    en = "Table {table}, row {row}: {what_en}."


class DeskUnknown(NotFound):
    code = "desk_unknown"
    vi = "Không có bộ phận '{desk}'. Hãy quét lại thẻ của bộ phận."
    en = "There is no desk '{desk}'. Scan the desk's card again."


class OwnerUnknown(NotFound):
    # Without the number: this sentence ends up in logs.
    code = "owner_unknown"
    vi = "Không có chủ hồ sơ này trong kho. Hãy tra cứu lại bằng số định danh hoặc mã số thuế."
    en = "This owner is not in the archive. Look them up again by citizen number or tax code."


class OwnerIsNoPerson(Conflict):
    code = "owner_is_no_person"
    vi = "Tổ chức không có số chứng minh nhân dân. Hãy mở trang của người có số này."
    en = "An organisation has no identity card number. Open the page of the person who has it."


class OldNumberTaken(Conflict):
    code = "old_number_taken"
    vi = (
        "Số cũ này đang ghi cho một người khác. Hãy tra cứu bằng số cũ để mở trang người đó: "
        "gộp hai người nếu là một, hoặc gỡ số cũ khỏi người đó trước."
    )
    en = (
        "This old number stands for somebody else. Look it up to open that person's page: merge "
        "the two if they are one, or remove the number there first."
    )


class AliasUnknown(NotFound):
    code = "alias_unknown"
    vi = "Chủ hồ sơ này không còn số cũ đó. Hãy tải lại trang."
    en = "This owner no longer has that old number. Reload the page."


class OwnerKindsDiffer(Conflict):
    code = "owner_kinds_differ"
    vi = "Không gộp được cá nhân với tổ chức. Hãy kiểm tra lại số của bên kia."
    en = "A person and an organisation cannot be merged. Check the other one's number."


class AlreadyOne(Conflict):
    code = "already_one"
    vi = "Hai chủ hồ sơ này đã được coi là một rồi, không cần gộp nữa."
    en = "These two owners are one already; there is nothing to merge."


class MergeUnknown(NotFound):
    code = "merge_unknown"
    vi = "Quyết định gộp này không còn hiệu lực hoặc không có. Hãy tải lại trang."
    en = "This merge does not stand any more, or never did. Reload the page."


class OwnerNameMissing(Refused):
    code = "owner_name_missing"
    vi = "Chưa có tên chủ hồ sơ. Hãy nhập họ tên như trên giấy tờ."
    en = "The owner's name is missing. Enter it as printed on the papers."


class PurposeMissing(Refused):
    code = "purpose_missing"
    vi = "Cần nêu mục đích tra cứu, ví dụ mã thủ tục hoặc lý do."
    en = "State the purpose of the lookup, for example the procedure or the reason."


class ReasonMissing(Refused):
    code = "reason_missing"
    vi = "Cần nêu lý do, ví dụ số và ngày của quyết định."
    en = "State the reason, for example the number and date of the decision."


class DossierHeld(Conflict):
    code = "dossier_held"
    vi = "Hồ sơ {dossier} đang được giữ theo yêu cầu pháp lý rồi ({reason})."
    en = "Dossier {dossier} is under a legal hold already ({reason})."


class DossierNotHeld(Conflict):
    code = "dossier_not_held"
    vi = "Hồ sơ {dossier} không bị giữ theo yêu cầu pháp lý nên không có gì để gỡ."
    en = "Dossier {dossier} is not under a legal hold: there is nothing to lift."


class FieldUnknown(NotFound):
    code = "field_unknown"
    vi = "Giấy tờ {component} không có trường '{field}'."
    en = "Component {component} has no field '{field}'."


class FieldDecidedMeanwhile(Conflict):
    code = "field_decided_meanwhile"
    vi = "{by} vừa trả lời câu này bằng giá trị khác. Hãy xem lại giấy tờ nếu thấy chưa đúng."
    en = "{by} has just answered this with another value. Look at the paper if that seems wrong."


class ComponentInUse(Conflict):
    code = "component_in_use"
    vi = "Hồ sơ {dossiers} đang dùng lại giấy tờ này nên không chuyển được."
    en = "Dossier {dossiers} uses this paper again, so it cannot be moved."


class FieldValueImpossible(Refused):
    # The value is not repeated: it may be somebody's number.
    code = "field_value_impossible"
    vi = "Giá trị của trường '{field}' không hợp lệ. Ngày phải có dạng 2026-11-22."
    en = "The value of field '{field}' cannot be. Dates look like 2026-11-22."


class NotArchivedYet(Conflict):
    code = "not_archived_yet"
    vi = "Bản lưu trữ đang được tạo. Hãy thử lại sau giây lát."
    en = "The archived copy is still being made. Try again in a moment."


class StampUnreadable(WorkFailed):
    code = "stamp_unreadable"
    vi = "Không đọc lại được mã {dossier} trên bản lưu trữ. Hãy báo quản trị viên."
    en = "The code {dossier} on the archived copy does not read back. Tell the administrator."


class NotReusable(Conflict):
    code = "not_reusable"
    # Each reason is a sentence or two of its own that says what to do.
    vi = "Không dùng lại được giấy này. {reason_vi}"
    en = "This paper cannot be used again. {reason_en}"


class HeldAlready(Conflict):
    code = "held_already"
    vi = "Kho đã có giấy dùng được: {papers}. Hãy dùng lại, hoặc ghi lý do yêu cầu nộp lại."
    en = "The archive holds what serves: {papers}. Use it again, or state why it is asked for."


class ComponentMarked(Conflict):
    code = "component_marked"
    vi = "Giấy tờ {component} {mark_vi} rồi."
    en = "Component {component} is marked '{mark}' already."


class ComponentNotMarked(Conflict):
    code = "component_not_marked"
    vi = "Giấy tờ {component} không bị ghi '{mark_vi}' nên không có gì để gỡ."
    en = "Component {component} is not marked '{mark}': there is nothing to take back."


class NewerVersionMissing(Refused):
    code = "newer_version_missing"
    vi = "Hãy chọn bản thay cho giấy tờ này."
    en = "Say which version or scan takes the place of this paper."


class OtherOwnersPaper(Conflict):
    code = "other_owners_paper"
    vi = "Giấy tờ {component} thuộc chủ hồ sơ khác nên không thể là bản mới của giấy tờ này."
    en = "Component {component} belongs to another owner and cannot be a newer version of this."


class AnotherKindOfPaper(Conflict):
    code = "another_kind_of_paper"
    vi = "Giấy tờ {component} thuộc loại khác nên không thể là bản mới của giấy tờ này."
    en = "Component {component} is of another kind and cannot be a newer version of this."


class SupersededInACircle(Conflict):
    code = "superseded_in_a_circle"
    vi = "Giấy tờ {component} đã được chính giấy tờ này thay thế. Hãy gỡ việc thay thế đó trước."
    en = "Component {component} is superseded by this very paper. Take that back first."


class DuplicateUnknown(NotFound):
    code = "duplicate_unknown"
    vi = "Không có câu hỏi số {question} về giấy có thể trùng."
    en = "There is no question {question} about papers that may be duplicates."


class OtherOwner(Conflict):
    code = "other_owner"
    vi = "Giấy tờ này thuộc chủ hồ sơ khác nên không dùng cho hồ sơ {dossier}."
    en = "This component belongs to another owner and cannot serve dossier {dossier}."


class RequirementUnknown(NotFound):
    code = "requirement_unknown"
    vi = "Hồ sơ {dossier} không có thành phần số {requirement}."
    en = "Dossier {dossier} has no requirement number {requirement}."


class NoSlip(Conflict):
    code = "no_slip"
    vi = "Hồ sơ {dossier} là hồ sơ cũ được số hóa nên không có giấy hẹn. Hãy xem giấy tờ của nó."
    en = "Dossier {dossier} was digitised from old papers and has no slip. Look at its papers."


class StatusStepImpossible(Conflict):
    code = "status_step_impossible"
    vi = "Hồ sơ {dossier} đang ở trạng thái '{status}' nên không thể chuyển sang '{to}'."
    en = "Dossier {dossier} is '{status}' and cannot become '{to}'."


class DossierChanged(Conflict):
    code = "dossier_changed"
    vi = "Hồ sơ {dossier} vừa được người khác sửa. Hãy tải lại rồi sửa tiếp."
    en = "Dossier {dossier} was just changed by someone else. Reload and try again."


# Accounts ------------------------------------------------------------------------------------


class SignInNeeded(NotSignedIn):
    code = "sign_in_needed"
    vi = "Hãy đăng nhập hoặc gửi mã truy cập (Authorization: Bearer …)."
    en = "Sign in, or send an access token (Authorization: Bearer …)."


class SignInWrong(NotSignedIn):
    code = "sign_in_wrong"
    vi = "Tên đăng nhập hoặc mật khẩu không đúng. Hãy thử lại."
    en = "The user name or password is wrong. Try again."


class SignInTooOften(Unavailable):
    code = "sign_in_too_often"
    vi = "Sai mật khẩu quá nhiều lần. Hãy thử lại sau {minutes} phút."
    en = "Too many wrong passwords. Try again in {minutes} minutes."


class RoleNotAllowed(Forbidden):
    code = "role_not_allowed"
    vi = "Vai trò của bạn không được làm việc này. Hãy nhờ quản trị viên cấp quyền."
    en = "Your role may not do this. Ask the administrator for it."


class AccountExists(Conflict):
    code = "account_exists"
    vi = "Tên đăng nhập '{name}' đã có. Hãy chọn tên khác."
    en = "The account '{name}' exists already. Choose another name."


class PasswordTooShort(Refused):
    code = "password_too_short"
    vi = "Mật khẩu cần ít nhất {least} ký tự."
    en = "A password needs at least {least} characters."


class AccountUnknown(NotFound):
    code = "account_unknown"
    vi = "Không có tài khoản '{name}'."
    en = "There is no account '{name}'."


class PageForged(Forbidden):
    code = "page_forged"
    vi = "Trang đã hết hạn. Hãy tải lại trang rồi làm lại."
    en = "The page has expired. Reload it and try again."


class TracingUnavailable(Unavailable):
    code = "tracing_unavailable"
    vi = (
        "Biến OTEL_* yêu cầu gửi dấu vết nhưng chưa cài OpenTelemetry. Hãy chạy "
        "pip install 'hoso[otel]' hoặc bỏ các biến đó."
    )
    en = (
        "OTEL_* variables ask for traces but OpenTelemetry is not installed. Run "
        "pip install 'hoso[otel]' or remove them."
    )


class MetricsNotForYou(Forbidden):
    code = "metrics_not_for_you"
    vi = (
        "Số liệu vận hành chỉ xem được từ chính máy này. Để xem từ máy khác, hãy đặt "
        "HOSO_METRICS_TOKEN và gửi 'Authorization: Bearer …'."
    )
    en = (
        "Figures are shown to this machine only. To read them from another one, set "
        "HOSO_METRICS_TOKEN and send 'Authorization: Bearer …'."
    )


# Reports -------------------------------------------------------------------------------------


class PeriodWrong(Refused):
    code = "period_wrong"
    vi = (
        "Kỳ báo cáo phải có ngày đầu và ngày cuối dạng 2026-11-01, ngày đầu không sau ngày cuối, "
        "dài không quá 10 năm. Hãy chọn lại."
    )
    en = (
        "A period has a first and a last day written like 2026-11-01, the first not after the "
        "last, and is at most 10 years long. Choose again."
    )


class PeriodTooLong(Refused):
    code = "period_too_long"
    vi = (
        "Kỳ báo cáo dài hơn {days} ngày. Hãy chọn kỳ ngắn hơn, hoặc chạy `hoso savings` trên máy "
        "chủ."
    )
    en = "The period is longer than {days} days. Choose a shorter one, or run `hoso savings`."


class SavingsContradictory(Unavailable):
    code = "savings_contradictory"
    vi = (
        "Số liệu trong kho mâu thuẫn với nhau ({what}) nên không lập báo cáo. "
        "Hãy báo quản trị viên kiểm tra cơ sở dữ liệu."
    )
    en = (
        "The archive's figures contradict each other ({what}), so no report is made of them. "
        "Have an administrator check the database."
    )


# Requests ------------------------------------------------------------------------------------


class RequestMalformed(Refused):
    code = "request_malformed"
    vi = "Yêu cầu thiếu hoặc sai: {what}."
    en = "The request is incomplete or wrong: {what}."


class PathUnknown(NotFound):
    code = "path_unknown"
    vi = "Không có địa chỉ này."
    en = "There is nothing at this address."


class IdempotencyKeyReused(Conflict):
    code = "idempotency_key_reused"
    vi = "Idempotency-Key này đã dùng cho một yêu cầu khác. Hãy tạo khóa mới."
    en = "This Idempotency-Key was used for another request. Make a new one."


class DatabaseBusy(Unavailable):
    code = "database_busy"
    vi = "Cơ sở dữ liệu đang bận. Hãy thử lại sau giây lát."
    en = "The database is busy. Try again in a moment."


# The machine it runs on ----------------------------------------------------------------------


class SettingWrong(Refused):
    # The value is not repeated: a database URL holds a password.
    code = "setting_wrong"
    vi = (
        "Không dùng được giá trị của {setting} ({reason}). "
        "Hãy sửa biến môi trường này theo docs/reference/settings.md rồi chạy lại."
    )
    en = (
        "The value of {setting} cannot be used ({reason}). "
        "Correct it as docs/reference/settings.md says and start again."
    )


class PathUnusable(Unavailable):
    code = "path_unusable"
    vi = "Không dùng được {path} ({reason}). Hãy kiểm tra đường dẫn và quyền truy cập rồi thử lại."
    en = "{path} cannot be used ({reason}). Check the path and the permissions and try again."


class DatabaseUnusable(Unavailable):
    code = "database_unusable"
    vi = (
        "Không dùng được cơ sở dữ liệu ({reason}). Hãy kiểm tra máy chủ cơ sở dữ liệu "
        "(HOSO_DATABASE_URL) hoặc thư mục dữ liệu (HOSO_DATA_DIR), quyền ghi và chỗ trống "
        "rồi thử lại."
    )
    en = (
        "The database cannot be used ({reason}). Check the database server (HOSO_DATABASE_URL) "
        "or the data folder (HOSO_DATA_DIR), the right to write and the space left, and try again."
    )


class DatabaseUnfit(Unavailable):
    code = "database_unfit"
    vi = (
        "Máy chủ cơ sở dữ liệu chưa đạt yêu cầu: đang là {found}, cần {needed}. "
        "Hãy làm theo docs/howto/postgresql.md."
    )
    en = (
        "The database server does not do: it has {found}, needed is {needed}. "
        "See docs/howto/postgresql.md."
    )


class DatabaseNewer(Unavailable):
    code = "database_newer"
    vi = (
        "Cơ sở dữ liệu đã được một bản hoso mới hơn nâng cấp (bước {version}, bản này chỉ biết "
        "đến bước {known}). Hãy cài bản hoso mới trên máy này rồi chạy lại."
    )
    en = (
        "A newer release of hoso has changed the database (step {version}, this one knows up to "
        "{known}). Install that release on this machine and start again."
    )


class AddressTaken(Unavailable):
    code = "address_taken"
    vi = (
        "Không mở được {host}:{port} ({reason}). Có thể hoso đang chạy rồi; "
        "nếu không, hãy chọn cổng khác bằng --port hoặc HOSO_PORT."
    )
    en = (
        "{host}:{port} cannot be opened ({reason}). hoso may be running already; "
        "if not, choose another port with --port or HOSO_PORT."
    )
