/** Arrays.hashCode(byte[]), which X509Certificate.hashCode is. */
export function bytesHash(bytes: Uint8Array): number {
  let hash = 1;
  for (const octet of bytes) hash = (Math.imul(31, hash) + ((octet << 24) >> 24)) | 0;
  return hash;
}

/** String.hashCode. */
export function textHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0;
  return hash;
}

/**
 * Buckets of a java.util.HashSet that was made for `capacity` members and holds `count`: a power of two, doubled
 * whenever it is more than three quarters full.
 */
export function tableSize(count: number, capacity = 16): number {
  let size = 1;
  while (size < capacity) size *= 2;
  while (count > Math.floor(size * 0.75)) size *= 2;
  return size;
}

/**
 * The order in which a java.util.HashSet gives its members back when they were added in the order of `members`: by the
 * spread hash modulo the table, within a bucket as added. Members must differ.
 * @param buckets size of the table, when the set holds more than these members
 */
export function hashOrder<T>(
  members: readonly T[],
  hashOf: (member: T) => number,
  buckets: number = tableSize(members.length),
): readonly T[] {
  if (members.length < 2) return members;
  const bucket = (member: T): number => {
    const hash = hashOf(member);
    return (hash ^ (hash >>> 16)) & (buckets - 1);
  };
  return members
    .map((member) => [bucket(member), member] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, member]) => member);
}
