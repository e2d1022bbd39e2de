"""Laws: numbered boxes that name their equation, function, simulation, figure, explorer and source.

::

    ```{law} Frontier
    :name: law-frontier
    :equation: eq-frontier
    :function: arbook.frontier
    :simulation: arbook.Simulation.frontier
    :figure: fig-frontiers
    :explorer: fig-explorer-frontier
    :cite: solis1981
    :fails: When the metric is noisy.

    The statement, and the equation with its label.
    ```

Every option is required. Words after the explorer's or the source's name say which part of the law
it shows or states, where it does not have the whole: ``:explorer: fig-explorer-update-rule crashes
only``, ``:cite: kirkpatrick1983 as a cooling schedule``. The box becomes
"Law 4.1 (Frontier)", and ``{laws}`` makes a list of all laws of the book. A part that does not
exist is a warning, and warnings fail the build.
"""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective


class law(nodes.Admonition, nodes.Element):
    """The box of one law; its first child is a `law_title`."""


class law_title(nodes.Part, nodes.TextElement):
    """The name of a law."""


class law_list(nodes.General, nodes.Element):
    """The place of the list of all laws."""


def find_object(name: str) -> tuple[str, Any]:
    """Return where `arbook.x` is documented, and the object.

    An attribute of a class (``arbook.Simulation.frontier``) is found as its class.
    """
    package, first, *rest = name.split(".")
    found = getattr(import_module(package), first)
    if inspect.ismodule(found) and rest:
        found = getattr(found, rest.pop(0))
    if rest and not inspect.isclass(found):
        raise AttributeError(name)
    if rest and rest[0] not in {*dir(found), *getattr(found, "__dataclass_fields__", {})}:
        raise AttributeError(name)
    return f"{found.__module__}.{found.__qualname__}", found


def part_of(option: str) -> tuple[str, str]:
    """Return the name that an option has, and the words behind it in brackets."""
    name, *words = option.split(maxsplit=1)
    return name, f" ({words[0]})" if words else ""


class LawDirective(SphinxDirective):
    """One law."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    parts = ("equation", "function", "simulation", "figure", "explorer", "cite", "fails")
    option_spec = dict.fromkeys(("name", *parts), directives.unchanged_required)

    def run(self) -> list[nodes.Node]:
        """Return the box."""
        title = self.arguments[0]
        for part in ("name", *self.parts):
            if not self.options.get(part):
                raise self.error(f"law '{title}' has no :{part}:")
        self.assert_has_content()
        footer = self.footer(title)
        box = law(classes=["law"], title=title)
        self.set_source_info(box)
        box += law_title(title, title)
        self.state.nested_parse(self.content, self.content_offset, box)
        if self.options["equation"] not in [m.get("label") for m in box.findall(nodes.math_block)]:
            raise self.error(f"law '{title}' does not hold its equation {self.options['equation']}")
        box += footer
        self.add_name(box)
        return [box]

    def footer(self, title: str) -> nodes.container:
        """Return the lines below the statement: where the law's other parts are."""
        places = {}
        for part in ("function", "simulation"):
            name = self.options[part]
            try:
                places[part], found = find_object(name)
            except (ImportError, AttributeError) as error:
                raise self.error(f"law '{title}': there is no {name}") from error
            if part == "function" and f"law: {title}.".lower() not in (found.__doc__ or "").lower():
                raise self.error(
                    f"law '{title}': the docstring of {name} has no line 'Law: {title}.'"
                )
        option = self.options
        explorer, shown = part_of(option["explorer"])
        source, stated = part_of(option["cite"])
        text = f"""\
In code {{py:obj}}`{option["function"]} <{places["function"]}>` ·
simulated by {{py:obj}}`{option["simulation"]} <{places["simulation"]}>` ·
{{numref}}`{option["figure"]}` · explorer {{numref}}`{explorer}`{shown} ·
{{cite}}`{source}`{stated}

**When it fails.** {option["fails"]}"""
        footer = nodes.container(classes=["law-parts"])
        place = self.state_machine.get_source(self.lineno)
        self.state.nested_parse(
            StringList(text.splitlines(), source=place), self.content_offset, footer
        )
        return footer


class LawsDirective(SphinxDirective):
    """The list of all laws."""

    def run(self) -> list[nodes.Node]:
        """Return the place."""
        self.env.note_reread()  # any page may have changed a law
        return [law_list()]


def reference(domain: str, kind: str, target: str, docname: str) -> addnodes.pending_xref:
    """Return a reference that Sphinx resolves, and warns about if it can't."""
    where = {"refdomain": domain, "reftype": kind, "reftarget": target, "refdoc": docname}
    words = nodes.inline("", target)
    return addnodes.pending_xref("", words, refexplicit=False, refwarn=True, **where)


class FillList(SphinxPostTransform):
    """Put the laws into the list: before references are resolved, after every page was read."""

    default_priority = 3

    def run(self, **kwargs: Any) -> None:
        """Fill the places on one page."""
        for place in list(self.document.findall(law_list)):
            self.env.get_domain("math").data["has_equations"][self.env.docname] = True
            pages = [self.env.get_doctree(name) for name in sorted(self.env.found_docs)]
            place.replace_self([self.entry(box) for page in pages for box in page.findall(law)])

    def entry(self, original: law) -> nodes.container:
        """Return one law for the list: the same box without a number or label of its own."""
        box, docname = original.deepcopy(), self.env.docname
        name, title = box["names"][0], box["title"]
        entry = nodes.container(classes=["admonition", "law"])
        label = next(math["label"] for math in box.findall(nodes.math_block) if math.get("label"))
        entry += nodes.paragraph(
            "",
            "",
            reference("std", "numref", name, docname),
            nodes.Text(f" ({title}), equation "),
            reference("math", "eq", label, docname),
            classes=["admonition-title"],
        )
        for child in box.children[1:]:
            if isinstance(child, nodes.target):
                continue
            for math in child.findall(nodes.math_block):
                math["number"], math["label"], math["ids"] = None, None, []
            for xref in child.findall(addnodes.pending_xref):
                xref["refdoc"] = docname
            entry += child
        return entry


def visit_law(self: Any, node: law) -> None:
    """Open the box."""
    self.body.append(self.starttag(node, "div", CLASS="admonition"))


def depart_law(self: Any, node: law) -> None:
    """Close the box."""
    self.body.append("</div>\n")


def visit_title(self: Any, node: law_title) -> None:
    """Write "Law 4.1 (Name)"."""
    self.body.append('<p class="admonition-title">')
    self.add_fignumber(node.parent)
    self.body.append("(")


def depart_title(self: Any, node: law_title) -> None:
    """Close the title."""
    self.body.append(")")
    self.add_permalink_ref(node.parent, "Link to this law")
    self.body.append("</p>\n")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives."""
    app.add_enumerable_node(law, "law", lambda node: node["title"], html=(visit_law, depart_law))
    app.add_node(law_title, html=(visit_title, depart_title))
    app.add_node(law_list)
    app.add_directive("law", LawDirective)
    app.add_directive("laws", LawsDirective)
    app.add_post_transform(FillList)
    return {"version": "1", "parallel_read_safe": True}
