// The exceptions of the store as the host makes and meets them: the interface alone, and a class (JavaScript API: exceptions).
import type { ExceptionConstructor, Exception as PublicException } from "./api/exception.ts";
import { ExceptionInstance } from "./instance/exception.ts";

/** What a guest throws with `throw`, and what a guest catches when a host function throws it. */
export type Exception = PublicException;

/** The class of exceptions. */
export const Exception: ExceptionConstructor = ExceptionInstance;
