/*
 * The chip's own watchdog, an oscillator of its own: if the main loop has not come round for half a second, outputs go to
 * their rest levels and the chip is reset.
 */
#ifndef WATCHDOG_H
#define WATCHDOG_H

#include <stdbool.h>

/* First of all after a reset: stops the watchdog, which a reset by it leaves running, and keeps why the reset was. */
void watchdog_note_reset(void);

void watchdog_begin(void);

/* Called once per turn of the main loop, and by nothing else. */
void watchdog_feed(void);

/* The last reset was the watchdog's: the firmware had hung. */
bool watchdog_has_bitten(void);

#endif
