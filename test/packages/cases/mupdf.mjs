// mupdf: MuPDF built with Emscripten and the legacy instructions of exceptions, which its own errors are thrown by. Makes a document, draws its
// pages, reads their text, and opens what is no document.
import { sha256 } from "../files.mjs";

export const about = { package: "mupdf" };

const words = "the quick brown fox jumps over the lazy dog".split(" ");

function makeDocument(mupdf) {
  const document = new mupdf.PDFDocument();
  const font = document.addSimpleFont(new mupdf.Font("Times-Roman"));
  for (let page = 0; page < 3; page++) {
    const lines = words.map((word, i) => `BT /F1 ${12 + i} Tf 40 ${520 - i * 40} Td (${word} ${page}) Tj ET`);
    const shapes = `q 0.${page + 2} 0.5 0.8 rg 250 300 m 400 ${350 + page * 20} 300 500 380 480 c f Q 2 w 240 200 100 60 re S`;
    const resources = document.addObject({ Font: { F1: font } });
    document.insertPage(
      -1,
      document.addPage([0, 0, 420, 595], 90 * (page % 2), resources, [...lines, shapes].join("\n")),
    );
  }
  return document.saveToBuffer("compress,garbage").asUint8Array().slice();
}

/** The message of what a call throws. */
function refusal(call) {
  try {
    call();
    return null;
  } catch (error) {
    return String(error.message);
  }
}

export async function start() {
  const mupdf = await import("mupdf");
  return () => {
    const bytes = makeDocument(mupdf);
    const document = mupdf.Document.openDocument(bytes, "application/pdf");
    const pages = Array.from({ length: document.countPages() }, (_, i) => {
      const page = document.loadPage(i);
      const pixmap = page.toPixmap(mupdf.Matrix.scale(0.5, 0.5), mupdf.ColorSpace.DeviceRGB, false, true);
      return {
        bounds: page.getBounds(),
        pixels: sha256(pixmap.getPixels()),
        png: sha256(pixmap.asPNG()),
        text: sha256(page.toStructuredText().asJSON()),
        found: page.search("fox").length,
      };
    });
    return {
      bytes: bytes.length,
      pages,
      noPage: refusal(() => document.loadPage(99)),
      noDocument: refusal(() =>
        mupdf.Document.openDocument(new TextEncoder().encode("no document at all"), "application/pdf"),
      ),
      noFont: refusal(() => new mupdf.Font("none", new Uint8Array(10))),
    };
  };
}
