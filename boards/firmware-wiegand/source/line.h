/*
 * The serial line to Vigie: 57600 baud, 8 data bits, no parity, one stop bit, in frames.
 *
 *     A5  length  kind  payload…  crc high  crc low
 *
 * CRC-16/CCITT-FALSE over length, kind and payload. What each kind says: docs/readers.md of Vigie.
 */
#ifndef LINE_H
#define LINE_H

#include <stdbool.h>
#include <stdint.h>

#define LINE_PAYLOAD_MAX 24

enum {
    KIND_HEARTBEAT = 0x01,
    KIND_VERSION = 0x02,
    KIND_BURST = 0x03,
    KIND_ASK_VERSION = 0x10,
    KIND_SHOW = 0x11
};

struct frame {
    uint8_t length;
    uint8_t kind;
    uint8_t payload[LINE_PAYLOAD_MAX];
};

void line_begin(void);

/* Waits for room, which the line makes whatever the host does. */
void line_send(uint8_t kind, const uint8_t *payload, uint8_t length);

/* Hears what has come; true: that ended a frame whose check is right. */
bool line_hear(struct frame *frame);

#endif
