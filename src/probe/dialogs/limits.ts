/** Bounds on what a peer may say before TLS begins. */
export const DIALOG_LIMITS = {
  /** Bytes of the whole dialog. */
  totalBytes: 64 * 1024,
  /** Bytes of one line, message or tag; capability lists of busy servers have a few thousand. */
  pieceLength: 8 * 1024,
  /** Lines, messages or tags in all; banners of public servers have up to a hundred lines. */
  pieces: 1000,
  /** Lines of the transcript that are kept. */
  shownLines: 64,
  /** Characters of a kept line. */
  shownLength: 200,
} as const;
