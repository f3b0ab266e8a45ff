/*
 * Rest levels, kept where neither reset nor loss of power reaches them.
 *
 * A record is two bytes at twice the pin's number: the level, and the check over pin and level. A cell never written, a
 * record cut short by a loss of power and one that decayed all read as "none", and such a pin stays an input.
 */
#ifndef EEPROM_H
#define EEPROM_H

#include <stdbool.h>
#include <stdint.h>

#define REST_NONE 127

/* 0, 1 or REST_NONE. Uses no memory, so that it may be called before memory is set up. */
uint8_t eeprom_rest_level(uint8_t pin);

/* A record that is neither whole nor blank. */
bool eeprom_is_corrupt(uint8_t pin);

/* Writes what differs, up to 7 ms, and reads it back; false: the EEPROM did not take it. */
bool eeprom_keep_rest_level(uint8_t pin, uint8_t level);

#endif
