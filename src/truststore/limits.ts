/** Largest store file that is read, in bytes; Debian's whole CA bundle is 0.2 MiB. */
export const MAX_STORE_BYTES = 64 * 2 ** 20;

/** Most entries of one store, over all kinds. */
export const MAX_ENTRIES = 20_000;

/** Deepest nesting of containers inside a store (PKCS#12 bags in bags). */
export const MAX_DEPTH = 16;

/** Highest iteration count of a key derivation: the limit of Java (sun.security.pkcs12.PKCS12KeyStore.MAX_ITERATION_COUNT). */
export const MAX_ITERATIONS = 5_000_000;

/** Sum of the iteration counts of one store: many cheap containers must not add up to hours. */
export const MAX_TOTAL_ITERATIONS = 4 * MAX_ITERATIONS;

/** Longest password in UTF-16 code units. */
export const MAX_PASSWORD_LENGTH = 4096;
