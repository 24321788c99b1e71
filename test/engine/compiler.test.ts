// Runs the contract over the compiler.
import { contract } from "./contract.ts";

contract({ engine: "compiler", eager: false });
contract({ engine: "compiler" });
contract({ engine: "compiler", eager: false, dispatch: "closures" });
