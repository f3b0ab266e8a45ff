/*
 * Firmata 2.5: takes the host's bytes one by one, finds the messages in them and does what they say.
 * (The protocol: https://github.com/firmata/protocol.)
 */
#ifndef FIRMATA_H
#define FIRMATA_H

#include <stdbool.h>
#include <stdint.h>

/* What a board says of itself after a reset, unasked. */
void firmata_introduce(void);

/* True: this byte ended a message. */
bool firmata_take(uint8_t byte);

#endif
