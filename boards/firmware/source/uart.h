/*
 * The serial line to the host: 57600 baud, 8 data bits, no parity, one stop bit, through a ring of bytes each way.
 *
 * What is sent is never lost: sending waits for room, and the line frees 5760 bytes a second whatever the host does.
 * What is received may be lost, if the host sends faster than the main loop reads, or damaged on the line. Then the
 * reader finds UART_GAP in place of what is missing: no Firmata command, so the message it was in is given up.
 */
#ifndef UART_H
#define UART_H

#include <stdbool.h>
#include <stdint.h>

#define UART_GAP 0xFD

void uart_begin(void);

/* The next byte received; false if there is none. */
bool uart_receive(uint8_t *byte);

void uart_send(uint8_t byte);

/* How many bytes found no room, and how many came damaged, since this was last asked; each at most 255. */
uint8_t uart_take_overflowed(void);
uint8_t uart_take_damaged(void);

#endif
