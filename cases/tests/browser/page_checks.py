"""What is measured on a page: axe-core, what sticks out, what is too small to press, where the
focus is.
"""

from pathlib import Path

import axe_playwright_python

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# The rules whose outcome depends on the width: on the same page they are all that can change.
BY_WIDTH = ["target-size", "color-contrast", "scrollable-region-focusable", "aria-hidden-focus"]
SMALLEST = 24  # CSS pixels, WCAG 2.5.8

RUN_AXE = """([tags, rules]) => axe.run(document, {
    runOnly: rules ? {type: "rule", values: rules} : {type: "tag", values: tags},
    resultTypes: ["violations"], preload: false, iframes: false, elementRef: false, ancestry: false,
  }).then((found) => found.violations.flatMap((rule) => rule.nodes.map((node) => {
    const why = (node.failureSummary || "").split("\\n").slice(1, 3).join(" ").trim();
    return `${rule.id}: ${node.target.join(" ")} (${why})`;
  })))"""

# A link in a line of text may be as high as the line (the exception of 2.5.8).
TOO_SMALL = """(least) => {
  const small = [];
  const pressed = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  for (const node of document.querySelectorAll(pressed)) {
    if (!node.checkVisibility({visibilityProperty: true})) continue;
    if (node.disabled || node.closest(".st-skip")) continue;
    // pressed by Enter in a field alone
    if (node.tabIndex < 0 && node.ariaHidden === "true") continue;
    const boxes = [node, ...(node.labels || [])]
      .map((each) => each.getBoundingClientRect()).filter((box) => box.width);
    if (!boxes.length) continue;
    const width = Math.max(...boxes.map((box) => box.right))
      - Math.min(...boxes.map((box) => box.left));
    const height = Math.max(...boxes.map((box) => box.bottom))
      - Math.min(...boxes.map((box) => box.top));
    const inline = getComputedStyle(node).display === "inline"
      && !node.matches("input, select, textarea");
    const around = node.parentElement.innerText.trim().length > node.innerText?.trim().length;
    if (inline && around) continue;
    if (width >= least - 0.5 && height >= least - 0.5) continue;
    const name = (node.innerText || node.name || "").trim().slice(0, 40);
    small.push(`${node.tagName} ${name}: ${Math.round(width)}x${Math.round(height)}`);
  }
  return small;
}"""

# Something that may be scrolled within itself, such as a wide table, does not make the page wider.
STICKS_OUT = """() => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide <= 0) return [];
  const out = [...document.querySelectorAll("body *")].filter((node) =>
    node.getBoundingClientRect().right > document.documentElement.clientWidth + 1
    && node.checkVisibility());
  return [`${wide} px too wide`, ...out.slice(-3).map((node) => node.outerHTML.slice(0, 90))];
}"""

# The element with the focus: whether it can be seen that it has it, and whether anything lies over
# it.
FOCUS = """() => {
  const node = document.activeElement;
  if (!node || node === document.body) return {on: "", seen: true, free: true};
  const marked = (each) => {
    const style = getComputedStyle(each);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    return outlined || style.boxShadow !== "none";
  };
  const label = node.closest("label");
  const near = [node, label, ...(node.labels || []), node.nextElementSibling].filter(Boolean);
  const shown = node.getBoundingClientRect().width > 2 || !label ? node : label;
  const box = shown.getBoundingClientRect();
  const hit = (x, y) => {
    const top = document.elementFromPoint(x, y);
    const around = top && top.contains(node) && top.matches("label, fieldset, .form-check");
    const part = top && (node.contains(top) || near.some((each) => each.contains(top)));
    return Boolean(top && (part || around));
  };
  const x = box.left + Math.min(box.width / 2, 40);
  const ys = [0.5, 0.15, 0.85].map((part) => box.top + box.height * part);
  const name = node.name || node.id || node.className || node.innerText?.slice(0, 30);
  return {
    on: `${node.tagName.toLowerCase()}[${name}]`,
    seen: near.some(marked),
    free: ys.some((y) => hit(x, y)),
  };
}"""


def axe_finds(page, rules=None) -> list[str]:
    """What axe-core finds wrong by WCAG 2.2 A and AA, or by some rules of it.

    The browser itself puts it in, past the page's policy.
    """
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE + "; 1")
    return page.evaluate(RUN_AXE, [TAGS, rules])


def sticks_out(page) -> list[str]:
    return page.evaluate(STICKS_OUT)


def too_small(page) -> list[str]:
    return page.evaluate(TOO_SMALL, SMALLEST)


def focus(page) -> dict:
    return page.evaluate(FOCUS)
