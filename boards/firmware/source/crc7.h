/* CRC-7/MMC: polynomial 0x09, initial value 0, most significant bit first. The result fits in a data byte of Firmata. */
#ifndef CRC7_H
#define CRC7_H

#include <stdint.h>

/* The check over the bytes so far and one more; starts from 0. */
uint8_t crc7(uint8_t crc, uint8_t byte);

#endif
