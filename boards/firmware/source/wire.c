#include "wire.h"

#include <stdlib.h>

#include "firmata_commands.h"
#include "uart.h"

void wire_begin(uint8_t identifier)
{
    uart_send(SYSEX_START);
    uart_send(identifier);
}

void wire_byte(uint8_t byte)
{
    uart_send(byte & 0x7F);
}

void wire_end(void)
{
    uart_send(SYSEX_END);
}

void wire_pair(uint16_t number)
{
    wire_byte((uint8_t)number);
    wire_byte((uint8_t)(number >> 7));
}

void wire_text(PGM_P text)
{
    for (char letter = (char)pgm_read_byte(text); letter; letter = (char)pgm_read_byte(++text)) wire_pair((uint8_t)letter);
}

void wire_say(PGM_P text)
{
    wire_begin(STRING_DATA);
    wire_text(text);
    wire_end();
}

void wire_say_number(PGM_P text, uint8_t number)
{
    char digits[4];
    wire_begin(STRING_DATA);
    wire_text(text);
    wire_pair(' ');
    utoa(number, digits, 10);
    for (const char *digit = digits; *digit; digit++) wire_pair((uint8_t)*digit);
    wire_end();
}
