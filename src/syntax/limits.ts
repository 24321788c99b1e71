// What an implementation may limit (specification: A.3 Implementation Limitations), with the numbers that browsers agreed on (JavaScript API:
// Implementation-defined limits), so that a module accepted here is accepted there.

export const maxModuleBytes = 1_073_741_824;
export const maxTypes = 1_000_000;
export const maxFunctions = 1_000_000;
export const maxImports = 1_000_000;
export const maxExports = 1_000_000;
export const maxGlobals = 1_000_000;
export const maxTags = 1_000_000;
export const maxDataSegments = 100_000;
export const maxElementSegments = 10_000_000;
export const maxTables = 100_000;
export const maxMemories = 100;
export const maxSegmentElements = 10_000_000;
export const maxBodyBytes = 7_654_321;
export const maxLocals = 50_000;
export const maxParams = 1_000;
export const maxResults = 1_000;
export const maxFields = 10_000;
export const maxFixedElements = 10_000;
export const maxSubtypeDepth = 63;
/**
 * Operands that the calls, blocks and branches of one function give in sum: an engine moves each. In no body do more give one; browsers have no such
 * limit.
 */
export const maxOperands = 4_000_000;
/** Memories count pages of 64 KiB: 4 GiB, and 2^64 bytes. */
export const maxPages32 = 65_536;
export const maxPages64 = 281_474_976_710_656;
/** Elements of the tables of one instance together, which hosts keep an entry for each of. */
export const maxTableElements = 10_000_000;
/** Elements of a table with a 32-bit index. */
export const maxElements32 = 4_294_967_295;
