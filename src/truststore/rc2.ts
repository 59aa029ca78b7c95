/** The permutation of RFC 2268 section 2: digits of pi. */
const PI_TABLE = Uint8Array.from(
  Buffer.from(
    "d978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2" +
      "179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82" +
      "54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626" +
      "6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7" +
      "08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec" +
      "c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731" +
      "2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9" +
      "0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad",
    "hex",
  ),
);

const BLOCK = 8;

/** Key expansion (RFC 2268 section 2): 64 words of 16 bits from a key with a limited effective strength. */
function expandKey(key: Uint8Array, effectiveBits: number): Uint16Array {
  const expanded = new Uint8Array(128);
  expanded.set(key.subarray(0, 128));
  const pi = (index: number): number => PI_TABLE[index & 0xff] ?? 0;
  const at = (index: number): number => expanded[index] ?? 0;
  for (let i = key.length; i < 128; i++) expanded[i] = pi(at(i - 1) + at(i - key.length));
  const effectiveBytes = Math.ceil(effectiveBits / 8);
  const mask = 0xff >> (8 * effectiveBytes - effectiveBits);
  expanded[128 - effectiveBytes] = pi(at(128 - effectiveBytes) & mask);
  for (let i = 127 - effectiveBytes; i >= 0; i--)
    expanded[i] = pi(at(i + 1) ^ at(i + effectiveBytes));
  return Uint16Array.from({ length: 64 }, (_, i) => at(2 * i) | (at(2 * i + 1) << 8));
}

const ROTATIONS = [1, 2, 3, 5] as const;

/** Undoes one mixing round: words 3 to 0, with key words from `first + 3` downwards. */
function unmix(words: Uint16Array, key: Uint16Array, first: number): void {
  for (let i = 3; i >= 0; i--) {
    const word = words[i] ?? 0;
    const rotation = ROTATIONS[i] ?? 1;
    const before = words[(i + 3) & 3] ?? 0;
    const choice = (words[(i + 2) & 3] ?? 0) & before;
    const other = (words[(i + 1) & 3] ?? 0) & ~before;
    words[i] =
      ((word >> rotation) | (word << (16 - rotation))) - (key[first + i] ?? 0) - choice - other;
  }
}

function unmash(words: Uint16Array, key: Uint16Array): void {
  for (let i = 3; i >= 0; i--)
    words[i] = (words[i] ?? 0) - (key[(words[(i + 3) & 3] ?? 0) & 63] ?? 0);
}

/**
 * Decrypts RC2 in CBC mode without removing padding (RFC 2268); node:crypto has no RC2 without OpenSSL's legacy
 * provider. The length of `ciphertext` must be a multiple of 8; `iv` has 8 octets.
 */
export function decryptRc2Cbc(
  key: Uint8Array,
  effectiveBits: number,
  iv: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array {
  const expanded = expandKey(key, effectiveBits);
  const plaintext = new Uint8Array(ciphertext.length);
  const words = new Uint16Array(4);
  let previous = iv;
  for (let start = 0; start < ciphertext.length; start += BLOCK) {
    for (let i = 0; i < 4; i++)
      words[i] = (ciphertext[start + 2 * i] ?? 0) | ((ciphertext[start + 2 * i + 1] ?? 0) << 8);
    for (let round = 15; round >= 0; round--) {
      unmix(words, expanded, 4 * round);
      // Mashing follows rounds 5 and 11 when encrypting, so it is undone before them.
      if (round === 11 || round === 5) unmash(words, expanded);
    }
    for (let i = 0; i < BLOCK; i++)
      plaintext[start + i] = ((words[i >> 1] ?? 0) >> (8 * (i & 1))) ^ (previous[i] ?? 0);
    previous = ciphertext.subarray(start, start + BLOCK);
  }
  return plaintext;
}
