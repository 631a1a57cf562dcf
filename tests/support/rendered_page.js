// Opens what is folded, and tells each text of the page with its place and its colours.
(() => {
  for (const each of document.querySelectorAll("details")) each.open = true;
  const clear = (colour) => colour === "transparent" || /^rgba\(.*, 0\)$/.test(colour);
  const place = (box) => ({
    x: box.x + scrollX, y: box.y + scrollY, width: box.width, height: box.height,
  });
  // Only a screen reader reads it.
  const unseen = (element) => element?.closest(".whole thead") && getComputedStyle(element.closest("thead")).clipPath !== "none";
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!clear(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  // What is painted below a label: the last rectangle before it that holds its middle.
  const under = (label) => {
    const box = label.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    return [...label.ownerSVGElement.querySelectorAll("rect")].filter((each) => {
      const area = each.getBoundingClientRect();
      return area.left <= x && x <= area.right && area.top <= y && y <= area.bottom
        && getComputedStyle(each).fill !== "none"
        && each.compareDocumentPosition(label) & Node.DOCUMENT_POSITION_FOLLOWING;
    }).pop();
  };
  const labels = [...document.querySelectorAll("svg text")].map((each) => {
    const box = under(each);
    return {
      text: [...each.childNodes].filter((node) => node.nodeName !== "title").map((node) => node.textContent).join(""), label: true, colour: getComputedStyle(each).fill, ...place(each.getBoundingClientRect()),
      ground: box ? getComputedStyle(box).fill : ground(each.ownerSVGElement),
      box: place((box ?? each.ownerSVGElement).getBoundingClientRect()),
    };
  });
  const words = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, element = node.parentElement;
    if (!node.data.trim() || element.closest("svg, script, style") || unseen(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.width && box.height) {
        words.push({
          text: node.data.trim(), label: false, colour: getComputedStyle(element).color, ground: ground(element),
          ...place(box), box: null,
        });
      }
    }
  }
  return {
    texts: [...labels, ...words],
    width: document.documentElement.scrollWidth, room: document.documentElement.clientWidth,
  };
})()
