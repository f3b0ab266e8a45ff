/*
 * What each pin is, and what it is driven to.
 *
 * mode: one of Firmata's pin modes below. A pin that the host has not spoken of is idle: an input without pull-up of
 *   which nothing is reported.
 * rest level: what an output goes to at reset, when the host falls silent and when the firmware hangs; see eeprom.h.
 *
 * A level is always set before the direction, so that a pin never shows the other level on its way to being an output.
 */
#ifndef PINS_H
#define PINS_H

#include <stdbool.h>
#include <stdint.h>

#define MODE_INPUT 0x00
#define MODE_OUTPUT 0x01
#define MODE_ANALOG 0x02
#define MODE_PULLUP 0x0B
#define MODE_IDLE 0x7F

/*
 * Every pin with a rest level is driven to it, every other pin is an input. Needs neither memory nor interrupts: it is
 * the first thing after a reset and the last before one.
 */
void pins_to_rest(void);

/* Sets every pin's mode to what pins_to_rest has made of it. */
void pins_begin(void);

/*
 * To be called when rest levels have changed. A board that has none is a plain Firmata board: there a 1 written to an idle
 * pin makes it an output, as hosts of StandardFirmata expect. Where there is one, an idle pin is never driven.
 */
void pins_note_rest_levels(void);

/* Outputs to their rest levels; one that has none becomes idle. Inputs go on. */
void pins_outputs_to_rest(void);

bool pins_exists(uint8_t pin);
bool pins_has_channel(uint8_t pin);
bool pins_offers(uint8_t pin, uint8_t mode);
uint8_t pins_mode(uint8_t pin);

/* A new output takes its rest level, or 0 if it has none; a pin that is an output already keeps its level. */
void pins_set_mode(uint8_t pin, uint8_t mode);

/* Drives an output. An input just declared takes a 1 as the wish for a pull-up, see firmata.c; other pins are left alone. */
void pins_write(uint8_t pin, bool level);

/* From now on a write to the inputs of this group is no wish for a pull-up. */
void pins_settle_group(uint8_t group);

/* What was written: an output's level, an input's pull-up. */
bool pins_state(uint8_t pin);

/* The chip's port and bit of a pin, as port << 3 | bit. */
uint8_t pins_place(uint8_t pin);

/* The PINx register of a port of the chip. */
volatile uint8_t *pins_levels(uint8_t port);

#endif
