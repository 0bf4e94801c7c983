"""Papers that do not exist: Vietnamese forms of invented people, drawn, stamped, worn and scanned.

Everything follows from a kind and a seed, so a test, a benchmark and the bundled sample see the
same stack. `render` draws a clean paper and knows every letter on it, `degrade` does to it what
hands and scanners do and `ways` what copiers, telephones and faxes do, `backs` makes the other
side, `stack` writes the file a scanner would send, `scoring` says how much of it was read. `sets`
deals out pages to tune on and keeps others apart. A new kind is one template and one function in
`ALL_KINDS`.
"""
