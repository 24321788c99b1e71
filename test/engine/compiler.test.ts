// Runs the contract over the compiler.
import { contract } from "./contract.ts";

contract({ engine: "compiler" });
contract({ engine: "compiler", eager: true });
contract({ engine: "compiler", dispatch: "closures" });
