/*
 * Two Wiegand readers: D0 and D1 of the first on pins 2 and 3, of the second on pins 4 and 5.
 *
 * A line rests high; a pulse to ground of 20 to 100 µs on D0 is a 0, on D1 a 1, and pulses are 200 µs to 20 ms apart.
 * After 25 ms of silence the burst is over. What is shorter than 3 µs is no pulse; an edge less than 100 µs after the one
 * before is the same pulse again, on a line that rings. Both lines low at once, or more than 64 bits, is no burst: it is
 * thrown away and counted.
 */
#ifndef WIEGAND_H
#define WIEGAND_H

#include <stdbool.h>
#include <stdint.h>

#define WIEGAND_READERS 2
#define WIEGAND_BYTES 8

struct burst {
    uint8_t bits;
    /* Most significant bit first; the last byte is filled up with zeros. */
    uint8_t bytes[WIEGAND_BYTES];
};

void wiegand_begin(void);

/* Each millisecond, by the timer's interrupt. */
void wiegand_tick(void);

/* The burst that a reader has finished; false: it has none. */
bool wiegand_take(uint8_t reader, struct burst *burst);

/* A line of this reader has been low for a second: it has no supply, or a wire touches ground. */
bool wiegand_is_stuck(uint8_t reader);

/* Bursts thrown away since the start; wraps at 256. */
uint8_t wiegand_disturbed(void);

#endif
