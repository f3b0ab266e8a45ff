/** Whether somebody signed something: Ed25519 (RFC 8032), the pure variant, with raw keys. */

export type Signatures = {
  /**
   * `publicKey`: 32 bytes; `signature`: 64. False for a signature that does not hold, and for a key that is none; never throws.
   * It costs well under a millisecond, but may be asked of a thread.
   */
  readonly verify: (publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array) => boolean | Promise<boolean>;
};
