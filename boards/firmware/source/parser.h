/*
 * Finds messages in the host's bytes.
 *
 * A byte of 0x80 and above is a command and always starts anew, so that a message cut short or damaged costs itself and
 * nothing after it; data bytes without a command are passed over. A sysex message of more than 64 bytes is dropped.
 */
#ifndef PARSER_H
#define PARSER_H

#include <stdbool.h>
#include <stdint.h>

/* Bytes between the start and the end of a sysex message. */
#define SYSEX_BYTES_MAX 64

typedef enum { NOTHING_YET, MESSAGE, SYSEX, SYSEX_TOO_LONG } Found;

Found parser_take(uint8_t byte);

/* Of the message just found. A sysex message's command is its identifier, its data what follows. */
uint8_t parser_command(void);
const uint8_t *parser_data(void);
uint8_t parser_length(void);

#endif
