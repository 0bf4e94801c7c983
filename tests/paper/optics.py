"""What the scanner does: turn, shade, blur, sample, add noise and compress.

Every function takes pixels (H×W×3 BGR, or H×W grey where said) and gives new ones.
"""

import cv2
import numpy as np

from hoso.imaging.page import Pixels

# Beyond the sheet's edge a feeder shows its white roller, a little darker than paper.
_ROLLER = (236, 236, 236)
_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


def skew(page: Pixels, degrees: float) -> Pixels:
    """Turned about its middle, counter-clockwise when positive; the size stays."""
    height, width = page.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    turned = cv2.warpAffine(
        page, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=_ROLLER
    )
    return np.asarray(turned, dtype=np.uint8)


def quarter_turn(page: Pixels, clockwise: int) -> Pixels:
    """Turned by 0, 90, 180 or 270 degrees clockwise; sides swap at 90 and 270."""
    if not clockwise:
        return page.copy()
    return np.asarray(cv2.rotate(page, _TURNS[clockwise]), dtype=np.uint8)


def downscale(page: Pixels, from_dpi: float, to_dpi: float) -> Pixels:
    """As a scanner at `to_dpi` samples it."""
    if to_dpi == from_dpi:
        return page.copy()
    share = to_dpi / from_dpi
    size = (round(page.shape[1] * share), round(page.shape[0] * share))
    return np.asarray(cv2.resize(page, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def uneven_light(page: Pixels, rng: np.random.Generator, depth: float = 0.25) -> Pixels:
    """Darker by up to `depth` towards one side or corner, as under a lid that stands open."""
    corners = rng.uniform(1 - depth, 1.0, (2, 2)).astype(np.float32)
    corners[tuple(rng.integers(0, 2, 2))] = 1 - depth
    shade = cv2.resize(corners, (page.shape[1], page.shape[0]), interpolation=cv2.INTER_LINEAR)
    shade = shade[..., None] if page.ndim == 3 else shade
    return np.round(page.astype(np.float32) * shade).astype(np.uint8)


def blur(page: Pixels, sigma: float) -> Pixels:
    """Out of focus by a Gaussian of `sigma` pixels."""
    return np.asarray(cv2.GaussianBlur(page, (0, 0), sigma), dtype=np.uint8)


def noise(page: Pixels, rng: np.random.Generator, sigma: float) -> Pixels:
    """Sensor noise of `sigma` levels."""
    grain = rng.standard_normal(page.shape, dtype=np.float32) * sigma
    return np.clip(page.astype(np.float32) + grain + 0.5, 0, 255).astype(np.uint8)


def soft_shadow(page: Pixels, rng: np.random.Generator, depth: float) -> Pixels:
    """In the shadow of a hand or head from one side: up to `depth` of the light is gone there."""
    height, width = page.shape[:2]
    ys, xs = np.mgrid[0:1:64j, 0:1:64j].astype(np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    away = (xs - 0.5) * np.cos(angle) + (ys - 0.5) * np.sin(angle) + rng.uniform(-0.2, 0.2)
    shade = 1 - depth / (1 + np.exp(-away * rng.uniform(6, 14)))
    shade = cv2.resize(shade.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.round(page * shade[..., None]), dtype=np.uint8)


def glare(page: Pixels, rng: np.random.Generator) -> Pixels:
    """A lamp's reflection somewhere on the sheet: what is dark there turns grey."""
    height, width = page.shape[:2]
    ys, xs = np.mgrid[0:1:64j, 0:1:64j].astype(np.float32)
    x, y = rng.uniform(0.15, 0.85, 2)
    spot = 90 * np.exp(-((xs - x) ** 2 + (ys - y) ** 2) / 0.015)
    spot = cv2.resize(spot.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.clip(page + spot[..., None], 0, 255), dtype=np.uint8)


def tinted(page: Pixels, light: tuple[float, float, float]) -> Pixels:
    """Under coloured light: what is left of blue, green and red."""
    return np.asarray(np.round(page * np.array(light, np.float32)), dtype=np.uint8)


def specks(page: Pixels, rng: np.random.Generator, dpi: float) -> Pixels:
    """Dust on the copier's glass: black specks of 0.1 to 0.4 mm on white, fewer white on black."""
    marked = page.copy()
    for level, many in ((0, rng.integers(40, 240)), (255, rng.integers(40, 160))):
        for x, y, size in rng.random((int(many), 3)):
            center = round(x * page.shape[1]), round(y * page.shape[0])
            cv2.circle(marked, center, round((0.05 + 0.15 * size**3) * dpi / 25.4), level, -1)
    return marked


def edge_shadow(page: Pixels, rng: np.random.Generator, dpi: float) -> Pixels:
    """Black along one long edge, ragged, where the copier's lid stood open; every other time."""
    if rng.random() < 0.5:
        return page.copy()
    edge = np.round(rng.uniform(1, 4, page.shape[0] // 40 + 2) * dpi / 25.4)
    rows = np.repeat(edge, 40)[: page.shape[0], None]
    across = np.arange(page.shape[1])[None]
    shadow = (across if rng.random() < 0.5 else across[:, ::-1]) < rows
    return np.where(shadow, 0, page).astype(np.uint8)


def grey(page: Pixels) -> Pixels:
    """H×W, as a scanner set to grey gives it."""
    return np.asarray(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def jpeg(page: Pixels, quality: int) -> bytes:
    """The page as the scanner compresses it (grey stays one channel)."""
    options = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_OPTIMIZE, 1]
    done, encoded = cv2.imencode(".jpg", page, options)
    assert done, "OpenCV encodes every 8-bit page"
    return encoded.tobytes()


def through_jpeg(page: Pixels, quality: int) -> Pixels:
    """The page as it comes back out of the scanner's JPEG."""
    data = np.frombuffer(jpeg(page, quality), np.uint8)
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_UNCHANGED), dtype=np.uint8)
