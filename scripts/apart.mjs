// Takes a module as tsc prints it, gives it with functions that V8 does not inline, and without private names.

/*
 * V8 inlines what has up to 460 bytes of bytecode, in each function that it optimises as much as twice that. What compiles a module is hot a second
 * after a program's start and done after two: optimising it on other threads took more of the processors' time than compiling itself. Each function
 * by itself is optimised in a third of the time, and sooner.
 */

/** A function or method, by the place of its end: the name, the parameters, the body. */
const FUNCTION =
  /^( *)((?:export |static |get |set |function )*(?!(?:if|for|while|switch|constructor)\b)#?\w+\(.*\) \{)\n([\s\S]*?)\n\1\}$/gm;

/** A shorter body is about as long as the call of it, and stays as it is. */
const MIN_BODY = 60;

/**
 * Sums that nothing comes to, 470 bytes of bytecode: a number of that size takes ten bytes with its addition, more than any other instruction, so that
 * it takes the least time to make them.
 */
const LONG = `_${"+1e5".repeat(46)};`;

/** Goes on to the body. The variable has no value: code that is not optimised compares it in place, and what is optimised has nothing of it. */
const NEVER = "var _;$:{if(_===null)break $;";

/** A private name, which V8 looks up by its key, as it does no other property, where it has not optimised the code yet. */
const PRIVATE = /(?<![\w"'`])#(?=[a-z])/gi;

/** The same module, where the body of each function has an end that is never reached, and names begin with `_` instead of `#`. */
export function apart(source) {
  const changed = source.replace(FUNCTION, (whole, indent, head, body) =>
    body.replaceAll(/\n */g, "").length < MIN_BODY
      ? whole
      : `${indent}${head}${NEVER}\n${body}\nreturn;}${LONG}\n${indent}}`,
  );
  return changed.replace(PRIVATE, "_");
}
