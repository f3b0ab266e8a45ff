#include "eeprom.h"

#include <avr/eeprom.h>

#include "crc7.h"

#define BLANK 0xFF

static uint8_t *record_of(uint8_t pin)
{
    return (uint8_t *)((uint16_t)pin * 2);
}

static uint8_t check_of(uint8_t pin, uint8_t level)
{
    return crc7(crc7(0, pin), level);
}

static bool is_level(uint8_t level)
{
    return level == 0 || level == 1 || level == REST_NONE;
}

static bool is_whole(uint8_t pin, uint8_t level, uint8_t check)
{
    return is_level(level) && check == check_of(pin, level);
}

uint8_t eeprom_rest_level(uint8_t pin)
{
    uint8_t level = eeprom_read_byte(record_of(pin));
    uint8_t check = eeprom_read_byte(record_of(pin) + 1);
    return is_whole(pin, level, check) ? level : REST_NONE;
}

bool eeprom_is_corrupt(uint8_t pin)
{
    uint8_t level = eeprom_read_byte(record_of(pin));
    uint8_t check = eeprom_read_byte(record_of(pin) + 1);
    bool is_blank = level == BLANK && check == BLANK;
    return !is_blank && !is_whole(pin, level, check);
}

bool eeprom_keep_rest_level(uint8_t pin, uint8_t level)
{
    eeprom_update_byte(record_of(pin), level);
    eeprom_update_byte(record_of(pin) + 1, check_of(pin, level));
    eeprom_busy_wait();
    return eeprom_rest_level(pin) == level && !eeprom_is_corrupt(pin);
}
