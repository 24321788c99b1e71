// Takes a module's text, gives a changed text: tokens put in, left out, moved and replaced, and now and then a character.

const token = /\(|\)|;;[^\n]*|"(?:[^"\\]|\\.)*"|[^\s()";]+|\s+|./gsu;

const words = [
  ..."module type func import export table memory global elem data start rec sub final struct array field mut".split(
    " ",
  ),
  ..."param result local block loop if then else end try_table catch catch_all_ref tag item offset declare".split(" "),
  ..."i32 i64 f32 f64 v128 i8 i16 funcref externref anyref (ref null func) (type 0) (param $x i32) (;x;)".split(" "),
  ..."i32.add i32.const local.get call_indirect br_table ref.func select memory.copy i8x16.shuffle f64.const".split(
    " ",
  ),
];
const literals = [
  ..."0 -1 +1 1_000 0x1p-1074 1e400 nan nan:0x1 -inf 0xffffffff 4294967296 -2147483649 0x1_f 18446744073709551616".split(
    " ",
  ),
  ..."$f $0 offset=4 align=8 align=3 offset=0xffffffffffffffff shared i64 0x offset=-1 1__0 _1 $ 0x1.8p1 .5 5.".split(
    " ",
  ),
  ...['""', '"\\00\\ff"', '"\\u{10ffff}"', '"\\u{d800}"', '"\\q"', '"', ";; x\n", "(;", ";)", "(@custom", "(@name"],
];
const characters = ["(", ")", '"', ";", "$", "\\", "\0", "\t", "é", "\u{1f600}", "\ud800", "_", ".", "=", "@", "\r"];

/** One mutant. */
export function mutateText(text, random) {
  const tokens = text.match(token) ?? [];
  for (let times = 1 + random.below(2); times > 0 && tokens.length > 0; times--) change(tokens, random);
  const changed = tokens.join("");
  if (random.below(6) !== 0) return changed;
  const at = random.below(changed.length + 1);
  return changed.slice(0, at) + random.pick(["", random.pick(characters)]) + changed.slice(at + random.below(2));
}

function change(tokens, random) {
  const at = random.below(tokens.length);
  const other = random.below(tokens.length);
  switch (random.below(12)) {
    case 0:
      tokens.splice(at, 1 + random.below(3));
      break;
    case 1:
      tokens.splice(at, 0, tokens[other], " ");
      break;
    case 2:
      tokens.splice(at, 0, ...tokens.slice(other, other + 1 + random.below(20)));
      break;
    case 3:
      [tokens[at], tokens[other]] = [tokens[other], tokens[at]];
      break;
    case 4:
      tokens.splice(at, 0, " ", random.pick(words), " ");
      break;
    case 5:
      tokens[at] = random.pick(words);
      break;
    default:
      replaceAlike(tokens, at, random);
  }
}

/** A number for a number, a word for a word: what may well parse. */
function replaceAlike(tokens, at, random) {
  for (let i = 0; i < tokens.length; i++, at = (at + 1) % tokens.length) {
    if (/^[\s()]/.test(tokens[at])) continue;
    const alike = /^[-+\d$"]/.test(tokens[at]) ? literals : words;
    tokens[at] = random.below(2) === 0 ? random.pick(alike) : random.pick(tokens);
    return;
  }
}
