// Runs the contract over the interpreter, in both forms of dispatch.
import { contract } from "./contract.ts";

contract({ engine: "interpreter", dispatch: "switch" });
contract({ engine: "interpreter", dispatch: "closures" });
