// @resvg/resvg-wasm: a renderer of SVG in Rust. Draws gradients, clips, a mask, a pattern and filters, and gives the PNG as a checksum.
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { bytesOf, sha256 } from "../files.mjs";

export const about = { package: "@resvg/resvg-wasm", heavy: true };

const flowers = Array.from({ length: 60 }, (_, i) => {
  const [x, y, turn] = [(i * 97) % 400, (i * 61) % 300, i * 13];
  return `<g transform="translate(${x} ${y}) rotate(${turn})" opacity="${0.3 + (i % 7) / 10}">
    <path d="M0 0C20 -30 40 -30 30 0S-20 30 0 0Z" fill="hsl(${i * 31} 80% 50%)" stroke="#223" stroke-dasharray="4 2"/>
  </g>`;
});

const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300">
  <defs>
    <linearGradient id="sky" x2="0" y2="1"><stop stop-color="#136"/><stop offset="1" stop-color="#fc8"/></linearGradient>
    <radialGradient id="sun"><stop stop-color="#fff"/><stop offset="1" stop-color="#fa0" stop-opacity="0"/></radialGradient>
    <pattern id="dots" width="10" height="10" patternUnits="userSpaceOnUse"><circle cx="5" cy="5" r="2" fill="#fff8"/></pattern>
    <mask id="fade"><rect width="400" height="300" fill="url(#sun)"/></mask>
    <clipPath id="round"><ellipse cx="200" cy="150" rx="190" ry="140"/></clipPath>
    <filter id="soft"><feGaussianBlur stdDeviation="3"/><feOffset dx="4" dy="4"/><feBlend in2="SourceGraphic"/></filter>
    <filter id="noise"><feTurbulence baseFrequency="0.04" numOctaves="3" seed="7"/><feColorMatrix type="hueRotate" values="90"/></filter>
  </defs>
  <rect width="400" height="300" fill="url(#sky)"/>
  <rect width="400" height="300" filter="url(#noise)" opacity="0.4"/>
  <g clip-path="url(#round)"><g filter="url(#soft)">${flowers.join("\n")}</g></g>
  <rect width="400" height="300" fill="url(#dots)" mask="url(#fade)"/>
</svg>`;

export async function start() {
  await initWasm(bytesOf("@resvg/resvg-wasm/index_bg.wasm"));
  return () => {
    const drawing = new Resvg(picture, { fitTo: { mode: "width", value: 300 } });
    const image = drawing.render();
    const { width, height } = image;
    const png = image.asPng();
    const box = drawing.getBBox();
    const result = { width, height, png: sha256(png), bytes: png.length, box: [box.x, box.y, box.width, box.height] };
    image.free();
    drawing.free();
    return result;
  };
}
