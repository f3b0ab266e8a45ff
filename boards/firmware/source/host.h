/*
 * The watchdog over the host. If it is armed and no valid message has come for its time, outputs go to their rest levels,
 * the host is told once, and digital writes are ignored until it arms the watchdog again.
 */
#ifndef HOST_H
#define HOST_H

#include <stdbool.h>
#include <stdint.h>

/* In tenths of a second; 0: no watchdog. Ends the silence. */
void host_arm(uint8_t tenths);

/* A valid message has come. */
void host_is_heard(void);

/* Outputs are at rest by this watchdog. */
bool host_is_silent(void);

/* Called by the main loop. */
void host_turn(void);

#endif
