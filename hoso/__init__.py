"""hoso (hồ sơ, dossier): digitisation and barcode-tracked archive for public-service centres."""
