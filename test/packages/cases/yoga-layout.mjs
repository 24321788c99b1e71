// yoga-layout: flexbox. Lays out a tree of 341 nodes, some of which are measured by the host.
export const about = { package: "yoga-layout" };

export async function start() {
  // It instantiates as it is imported.
  const yoga = await import("yoga-layout");
  const { default: Yoga, Align, Direction, Edge, FlexDirection, Gutter, Justify, MeasureMode, Wrap } = yoga;

  function grow(depth, seed) {
    const node = Yoga.Node.create();
    node.setFlexDirection(depth % 2 ? FlexDirection.Row : FlexDirection.Column);
    node.setFlexWrap(seed % 3 ? Wrap.NoWrap : Wrap.Wrap);
    node.setJustifyContent(seed % 2 ? Justify.SpaceBetween : Justify.FlexStart);
    node.setAlignItems(seed % 5 ? Align.Stretch : Align.Center);
    node.setPadding(Edge.All, (seed % 4) + 0.5);
    node.setMargin(Edge.Start, seed % 3);
    node.setGap(Gutter.All, 1.25);
    node.setFlexGrow(1 + (seed % 3));
    node.setFlexShrink(1);
    if (depth === 0) {
      node.setMeasureFunc((width, mode) => {
        const natural = 17 + (seed % 13) * 3;
        const taken = mode === MeasureMode.Undefined ? natural : Math.min(natural, width);
        return { width: taken, height: Math.ceil(natural / Math.max(taken, 1)) * 9 };
      });
    } else {
      for (let i = 0; i < 4; i++) node.insertChild(grow(depth - 1, seed * 7 + i), i);
    }
    return node;
  }

  const boxes = (node) => {
    const { left, top, width, height } = node.getComputedLayout();
    const children = Array.from({ length: node.getChildCount() }, (_, i) => boxes(node.getChild(i)));
    return [[left, top, width, height], ...children.flat()];
  };

  return () => {
    const root = grow(4, 1);
    const layouts = [Direction.LTR, Direction.RTL].map((direction) => {
      root.calculateLayout(800, 600, direction);
      return boxes(root);
    });
    root.freeRecursive();
    return layouts;
  };
}
