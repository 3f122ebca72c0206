"""What a finger presses, and whether it is large enough for one."""

#: pixels that a finger needs (WCAG 2.5.5)
TARGET = 44
#: of a tick in a table or a list, whose label is not beside it (WCAG 2.5.8)
BARE_TICK = 24
# What a finger presses is as high as it needs: buttons, fields, and links that stand apart from running text, also in
# what is folded. A tick counts with its label, and so does a field that nobody sees; a link in text or in a cell is as
# high as its line. What lies outside the page is for the keyboard.
SMALL_TARGETS = """({ least, bare }) => {
    const folded = [...document.querySelectorAll("details:not([open])")];
    for (const each of folded) each.open = true;
    const box = (node) => node.getBoundingClientRect();
    const isShown = (node) => node.checkVisibility({ checkVisibilityCSS: true }) && box(node).right > 0;
    const isInText = (node) => node.localName === "a" && !node.matches(".button")
        && (getComputedStyle(node).display === "inline" || node.closest("td"));
    const isTick = (node) => node.matches("[type=checkbox], [type=radio]");
    const byLabel = (node) => isTick(node) || node.matches(".visually-hidden") ? [...(node.labels ?? [])] : [];
    const needed = (node) => isTick(node) && !byLabel(node).length ? bare : least;
    const height = (node) => {
        const boxes = [node, ...byLabel(node)].map(box);
        return Math.max(...boxes.map((each) => each.bottom)) - Math.min(...boxes.map((each) => each.top));
    };
    const name = (node) => [node.localName, ...node.classList].join(".");
    const pressed = "a[href], button, summary, select, textarea, input:not([type=hidden])";
    const targets = [...document.querySelectorAll(pressed)];
    const small = targets.filter((node) => isShown(node) && !isInText(node) && height(node) < needed(node) - 0.5);
    const found = new Map(small.map((node) => [`${name(node.parentElement)} > ${name(node)}`, node]));
    const said = [...found].map(([path, node]) =>
        `${path} “${(node.textContent.trim() || node.name || "").slice(0, 24)}” ${height(node).toFixed(0)}`);
    for (const each of folded) each.open = false;
    return said;
}"""


def small_targets(page) -> list[str]:
    """Return what is too small on the page as it is shown now, each kind once: its place, words and height."""
    return page.evaluate(SMALL_TARGETS, {"least": TARGET, "bare": BARE_TICK})
