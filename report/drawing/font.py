"""How wide a text is, without a browser.

The widths are those of DejaVu Sans 2.37, read from its `hmtx` table, in thousandths of the font size. It is the widest
of the fonts that a picture names, so a text fits its box in each of them.
"""

FAMILY = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
"""The fonts of a picture, in the order of preference."""

ELLIPSIS = "…"

_PLAIN = (
    "318 401 460 838 637 951 780 275 391 391 500 838 318 361 318 337 637 637 637 637 "
    "637 637 637 637 637 637 337 337 838 838 838 531 1000 685 687 699 771 632 576 775 "
    "752 295 295 656 558 863 749 788 604 788 695 635 611 732 685 989 686 611 686 391 "
    "337 391 838 500 500 613 635 550 635 616 353 635 634 278 278 580 278 975 634 612 "
    "635 635 412 521 393 634 592 818 592 592 525 637 337 637 838"
)
"""Of the characters from the space to the tilde."""

_BOLD = (
    "349 457 521 838 696 1002 873 307 458 458 523 838 380 416 380 366 696 696 696 696 "
    "696 696 696 696 696 696 400 400 838 838 838 581 1000 774 763 734 831 684 684 821 "
    "837 373 373 775 638 996 837 851 733 851 771 721 683 813 774 1104 771 725 726 458 "
    "366 458 838 500 500 675 716 593 716 679 436 716 712 343 343 666 343 1042 712 688 "
    "716 716 494 596 479 712 652 924 646 652 583 712 366 712 838"
)

_WIDEST = 2.02
"""The width of the widest glyph of the bold font, as a share of the font size. For characters that have no entry."""

_FIRST = 32
_WIDTHS = {
    bold: [int(each) / 1000 for each in text.split()] for bold, text in ((False, _PLAIN), (True, _BOLD))
}


def width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of a line of text in pixels, at a font size in pixels."""
    return size * sum(_advance(ord(each), _WIDTHS[bold]) for each in text)


def fitted(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """The text, or its beginning with an ellipsis if it is wider than `room`."""
    if width(text, size, bold=bold) <= room:
        return text
    kept = text
    while kept and width(kept + ELLIPSIS, size, bold=bold) > room:
        kept = kept[:-1]
    return kept + ELLIPSIS


def _advance(code: int, widths: list[float]) -> float:
    index = code - _FIRST
    if 0 <= index < len(widths):
        return widths[index]
    return 1.001 if chr(code) == ELLIPSIS else _WIDEST
