// swipl-wasm: SWI-Prolog built with Emscripten. Puts queens on a board, parses by a grammar, sorts, computes with long integers, and throws.
import SWIPL from "swipl-wasm";

export const about = { package: "swipl-wasm" };

const program = `
queens(N, Qs) :- numlist(1, N, Ns), permutation(Ns, Qs), safe(Qs).
safe([]).
safe([Q|Qs]) :- no_attack(Q, Qs, 1), safe(Qs).
no_attack(_, [], _).
no_attack(Q, [Q1|Qs], D) :- Q =\\= Q1 + D, Q =\\= Q1 - D, D1 is D + 1, no_attack(Q, Qs, D1).

greeting --> [hello], name.
name --> [world].
name --> [prolog].

fact(0, 1) :- !.
fact(N, F) :- M is N - 1, fact(M, G), F is N * G.
`;

export async function start() {
  const { prolog } = await SWIPL({ arguments: ["-q"] });
  await prolog.load_string(program, "program.pl");
  const once = (goal) => {
    const { $tag, success, ...bindings } = prolog.query(goal).once();
    return JSON.parse(
      JSON.stringify({ $tag, success, ...bindings }, (_, value) => (typeof value === "bigint" ? `${value}n` : value)),
    );
  };
  return () => ({
    queens: once("queens(6, Qs)"),
    boards: once("findall(Q, queens(5, Q), All), length(All, N)").N,
    greetings: once("findall(S, phrase(greeting, S), All)").All,
    factorial: once("fact(40, F), atom_number(A, F)").A,
    sorted: once("sort(0, @>=, [3, 1, 2, 3, 10], L)").L,
    thrown: once("catch(atom_length(_, _), error(E, _), true), term_to_atom(E, A)").A,
    solutions: [...prolog.query("member(X, [1, two, 'three four', f(x)]), term_to_atom(X, A)")].map(({ A }) => A),
  });
}
