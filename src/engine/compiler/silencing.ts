// Says whether the host may make a signalling NaN quiet where code stores it as a number (specification: 4.6.5 Memory instructions).

/**
 * Whether V8 may have Maglev, which does so since some version, and which no probe at load would meet: it has had it since it has had this function. What its
 * other tiers store keeps all bits, and what it calls.
 */
export const maySilence: boolean = "groupBy" in Object;
