/* What this firmware adds to Firmata, all under one user-defined sysex identifier. The bytes are in the README. */
#ifndef VIGIE_H
#define VIGIE_H

#include <stdbool.h>
#include <stdint.h>

#define VIGIE 0x0B

#define VERSION_MAJOR 1
#define VERSION_MINOR 0

/* The content after the identifier; true: a valid message. */
bool vigie_take(const uint8_t *content, uint8_t length);

void vigie_tell_host_silent(void);

/* Channels by bit, values by channel. */
void vigie_report_analog(uint16_t channels, const uint16_t *values);

/* The next heartbeat says that everything the host had set up is gone. */
void vigie_note_restart(void);

#endif
