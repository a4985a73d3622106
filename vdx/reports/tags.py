"""The structure of a PDF, for screen readers: headings, paragraphs, lists, figures, and tables with rows and cells.

fpdf2 2.8 knows a flat list of marked contents; this adds elements inside elements, as PDF 1.7 (ISO 32000-1, 14.7) has
them. What belongs to no element is marked as an artifact: lines, page numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from fpdf import FPDF
from fpdf.structure_tree import StructElem, StructureTreeBuilder
from fpdf.syntax import PDFObject, PDFString


class Inner(StructElem):
    """An element inside another. It stands on the page of the outermost one, which fpdf2 tells the page."""

    def serialize(self, *args: object, **kwargs: object) -> str:
        """As fpdf2 writes it, with its page."""
        outer: PDFObject | None = self.p
        while isinstance(outer, Inner):
            outer = outer.p
        self.pg = outer.pg if isinstance(outer, StructElem) else None
        return str(super().serialize(*args, **kwargs))  # type: ignore[arg-type]


class Tree(StructureTreeBuilder):
    """A structure tree with elements inside elements."""

    def __init__(self) -> None:
        super().__init__()
        self._marked: Counter[int] = Counter()
        self._inner: list[Inner] = []

    def next_mcid_for_page(self, page_number: int) -> int:
        """The number of the next marked content of a page."""
        return self._marked[page_number]

    def group(self, page: int, kind: str, parent: StructElem | None = None) -> StructElem:
        """An element that holds others."""
        return self._element(page, kind, parent, [])

    def leaf(self, page: int, kind: str, parent: StructElem | None = None, alt: str | None = None) -> tuple[int, int]:
        """An element that holds marked content: the content's number, and the page's in the tree."""
        mcid = self._marked[page]
        self._marked[page] += 1
        element = self._element(page, kind, parent, [mcid])
        element.alt = None if alt is None else PDFString(alt)
        number = self.spid_per_page_number.setdefault(page, len(self.spid_per_page_number))
        self.struct_tree_root.parent_tree.nums[number].append(element)
        return mcid, number

    def _element(self, page: int, kind: str, parent: StructElem | None, kids: list[int]) -> StructElem:
        if parent is None:
            element = StructElem(f"/{kind}", self.doc_struct_elem, kids, page_number=page)
            self.doc_struct_elem.k.append(element)
            return element
        inner = Inner(f"/{kind}", parent, kids, page_number=page)
        parent.k.append(inner)
        self._inner.append(inner)
        return inner

    def __iter__(self) -> Iterator[PDFObject]:
        yield from super().__iter__()
        yield from self._inner


class Tagged(FPDF):
    """A PDF whose contents are marked."""

    def __init__(self) -> None:
        super().__init__()
        self.tree = Tree()
        self.struct_builder = self.tree

    def group(self, kind: str, parent: StructElem | None = None) -> StructElem:
        """An element that holds others, on this page."""
        return self.tree.group(self.page, kind, parent)

    @contextmanager
    def marked(self, kind: str, parent: StructElem | None = None, *, alt: str | None = None) -> Iterator[None]:
        """What is written inside is one element. It stays on one page."""
        mcid, number = self.tree.leaf(self.page, kind, parent, alt)
        self.pages[self.page].struct_parents = number
        page = self.page
        self._out(f"/{kind} <</MCID {mcid}>> BDC")
        yield
        if self.page != page:
            raise RuntimeError(f"{kind} went on to another page")
        self._out("EMC")

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """What is drawn inside is decoration."""
        self._out("/Artifact BMC")
        yield
        self._out("EMC")
