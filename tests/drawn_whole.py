"""Whether every figure in a page is drawn, and whether all of it is seen: to be evaluated in a browser."""

# What is wrong with the figures that stand in a page's boards: words where there should be a picture, a picture without
# marks or numbers, and texts that reach outside their picture or their picture outside its place.
WRONG = """() => {
  const found = [];
  const places = [...document.querySelectorAll('.planbok-place')].filter(place => place.offsetParent !== null);
  if (!places.length) found.push('no figure');
  for (const place of places) {
    const name = place.querySelector('h3')?.textContent || place.textContent.trim().slice(0, 60);
    const pictures = [...place.querySelectorAll('svg')].filter(svg => svg.getClientRects().length);
    if (!pictures.length) { found.push(`${name}: not drawn`); continue; }
    for (const svg of pictures) {
      if (!svg.querySelector('rect, path, circle') || !svg.querySelector('text')) found.push(`${name}: empty`);
      const { width, height } = svg.viewBox.baseVal;
      for (const text of svg.querySelectorAll('text')) {
        const box = text.getBBox();
        if (box.x < -1 || box.x + box.width > width + 1 || box.y < -1 || box.y + box.height > height + 2) {
          found.push(`${name}: ”${text.textContent}” is cut`);
        }
      }
      const [own, around] = [svg.getBoundingClientRect(), place.getBoundingClientRect()];
      if (own.right > around.right + 1 || own.width < 200) found.push(`${name}: out of its place`);
    }
  }
  return found;
}"""
