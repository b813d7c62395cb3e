"""What a file may cost: every limit of reading stands here, and in the README.

Each is far above what bulletins need (a thick gazette issue: 200 pages, 500,000 characters)
and low enough that no file takes the machine with it. Reaching one is a ReadError, or, for
time and memory, the end of the process that reads the file.
"""

from __future__ import annotations

_MB = 1024 * 1024

#: Of any file. A scanned issue of a hundred pages has some tens of megabytes.
BYTES = 100 * _MB
#: Of plain text and of a page: twenty times the thickest issue.
TEXT_BYTES = 20 * _MB
#: Of a PDF or a scan.
PAGES = 2000
#: Of one image or one rendered page: A3 at 600 dots per inch.
PIXELS = 70_000_000
#: All parts of a container (DOCX) that are read, unpacked.
UNPACKED_BYTES = 100 * _MB
#: Of unpacked to packed bytes, of a part larger than `RATIO_FREE_BYTES`: text in XML packs 10 to 40 times.
RATIO = 200
RATIO_FREE_BYTES = _MB
#: Elements inside each other in XML; libxml2 holds it by itself.
XML_DEPTH = 256
#: In a page, where elements that are never closed lie inside each other.
HTML_DEPTH = 420
#: For one conversion by LibreOffice.
CONVERT_SECONDS = 120
#: For one file of `gongbao ingest`, all of reading and parsing; `--seconds` sets another. A scan of a hundred pages
#: takes twenty minutes.
SECONDS = 1800
#: Address space of the process that reads files for `gongbao ingest`, where the system can hold it (Linux).
MEMORY_BYTES = 4096 * _MB
