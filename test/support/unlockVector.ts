/** The test vector of the contract page: a key that everybody knows, one command, its bytes and its signature. */
export const UNLOCK_VECTOR = {
  /** RFC 8032, section 7.1, TEST 1. */
  seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
  publicKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  fields: {
    site: 'cabinet',
    door: 'entree',
    operator: 'paul',
    command: '01JD8Z',
    challenge: '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
  },
  bytes:
    '16:vigie-command-v1,7:cabinet,6:unlock,6:entree,4:paul,6:01JD8Z,' +
    '64:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f,',
  signature:
    '3a58e2d75ae5181def4448c7f5768bd63cdf6158327d249e859da1346ee5b33e' +
    '416996ed40b5c6bb335fae0246df9ad150a103c8509597901f9b1e4852a1c204',
} as const;
