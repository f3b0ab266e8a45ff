/* Firmata's ways of writing bytes to the host. */
#ifndef WIRE_H
#define WIRE_H

#include <avr/pgmspace.h>
#include <stdint.h>

#define SYSEX_START 0xF0
#define SYSEX_END 0xF7

/* A message of the system-exclusive kind: begin, data bytes of 7 bits, end. */
void wire_begin(uint8_t identifier);
void wire_byte(uint8_t byte);
void wire_end(void);

/* A number of 14 bits, or a character, as two data bytes, the low seven bits first. */
void wire_pair(uint16_t number);

/* The characters of a text kept in flash, each as a pair. */
void wire_text(PGM_P text);

/* A whole message to the person who reads the host's log. */
void wire_say(PGM_P text);

/* The same, followed by a number: `text 12`. */
void wire_say_number(PGM_P text, uint8_t number);

#endif
