/* The board this is built for, chosen by the compiler's -mmcu. */
#ifndef BOARD_H
#define BOARD_H

#include <avr/io.h>

#if defined(__AVR_ATmega328P__)
#include "board_uno.h"
#elif defined(__AVR_ATmega2560__)
#include "board_mega.h"
#else
#error "no board for this chip: build with MCU=atmega328p (Uno) or MCU=atmega2560 (Mega)"
#endif

/* Pins 0 and 1 of both boards are the serial line to the host and never anything else. */
#define BOARD_FIRST_FREE_PIN 2

/* Firmata speaks of pins in groups of eight, whatever the chip's own ports are. */
#define BOARD_GROUPS ((BOARD_PINS + 7) / 8)

#define BOARD_FIRST_ANALOG_PIN (BOARD_PINS - BOARD_CHANNELS)

#endif
