// Takes a size, gives a picture of that size as codecs take it: RGBA, with slopes, edges and grain.
export function picture(width, height) {
  const data = new Uint8ClampedArray(width * height * 4);
  let grain = 1;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      grain = (grain * 1103515245 + 12345) & 0x7fffffff;
      const edge = ((x >> 4) ^ (y >> 4)) & 1 ? 60 : 0;
      data[at] = (x * 255) / width + edge;
      data[at + 1] = (y * 255) / height - edge;
      data[at + 2] = ((x * y) & 255) + ((grain >> 16) & 15);
      data[at + 3] = x < width / 2 ? 255 : 255 - y / 2;
    }
  }
  return { data, width, height };
}
