"""Communes after the mergers of July 2025: a few real ones, none with a street of its own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune or ward with its province.

    `id_prefix` is the three digits with which citizen numbers registered there begin (the
    numbering of the 63 former provinces, which outlives the mergers).
    """

    name: str
    province: str
    id_prefix: str

    @property
    def full_name(self) -> str:
        """Commune and province as an address ends."""
        return f"{self.name}, {self.province}"

    @property
    def province_name(self) -> str:
        """The province without "tỉnh" or "thành phố"."""
        return self.province.removeprefix("thành phố ").removeprefix("tỉnh ")

    @property
    def is_ward(self) -> bool:
        """Whether people live there in neighbourhoods (tổ dân phố) rather than hamlets."""
        return self.name.startswith("phường")


COMMUNES = (
    Commune("phường Hoàn Kiếm", "thành phố Hà Nội", "001"),
    Commune("phường Nghĩa Đô", "thành phố Hà Nội", "001"),
    Commune("xã Sóc Sơn", "thành phố Hà Nội", "001"),
    Commune("phường Minh Xuân", "tỉnh Tuyên Quang", "008"),
    Commune("phường Cam Đường", "tỉnh Lào Cai", "010"),
    Commune("phường Hồng Bàng", "thành phố Hải Phòng", "031"),
    Commune("phường Hoa Lư", "tỉnh Ninh Bình", "037"),
    Commune("xã Quảng Yên", "tỉnh Thanh Hóa", "038"),
    Commune("phường Hạc Thành", "tỉnh Thanh Hóa", "038"),
    Commune("phường Trường Vinh", "tỉnh Nghệ An", "040"),
    Commune("phường Thuận Hóa", "thành phố Huế", "046"),
    Commune("phường Hải Châu", "thành phố Đà Nẵng", "048"),
    Commune("phường Tây Nha Trang", "tỉnh Khánh Hòa", "056"),
    Commune("phường Buôn Ma Thuột", "tỉnh Đắk Lắk", "066"),
    Commune("phường Sài Gòn", "thành phố Hồ Chí Minh", "079"),
    Commune("phường Thủ Đức", "thành phố Hồ Chí Minh", "079"),
    Commune("phường Long Xuyên", "tỉnh An Giang", "089"),
    Commune("phường Ninh Kiều", "thành phố Cần Thơ", "092"),
)
