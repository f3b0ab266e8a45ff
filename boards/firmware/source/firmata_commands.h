/* Firmata's commands. The lower four bits of some carry a group of pins or an analog channel. */
#ifndef FIRMATA_COMMANDS_H
#define FIRMATA_COMMANDS_H

#include <stdint.h>

enum {
    DIGITAL_MESSAGE = 0x90,
    REPORT_ANALOG = 0xC0,
    REPORT_DIGITAL = 0xD0,
    ANALOG_MESSAGE = 0xE0,
    SET_PIN_MODE = 0xF4,
    SET_DIGITAL_PIN = 0xF5,
    REPORT_VERSION = 0xF9,
    SYSTEM_RESET = 0xFF,
};

/* Identifiers of sysex messages. */
enum {
    ANALOG_MAPPING_QUERY = 0x69,
    ANALOG_MAPPING_RESPONSE = 0x6A,
    CAPABILITY_QUERY = 0x6B,
    CAPABILITY_RESPONSE = 0x6C,
    PIN_STATE_QUERY = 0x6D,
    PIN_STATE_RESPONSE = 0x6E,
    STRING_DATA = 0x71,
    REPORT_FIRMWARE = 0x79,
    SAMPLING_INTERVAL = 0x7A,
};

static inline uint8_t command_kind(uint8_t command)
{
    return command < 0xF0 ? command & 0xF0 : command;
}

static inline uint8_t command_place(uint8_t command)
{
    return command & 0x0F;
}

#endif
