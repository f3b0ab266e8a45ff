#include "crc7.h"

#define POLYNOMIAL_LEFT_ALIGNED (0x09 << 1)

uint8_t crc7(uint8_t crc, uint8_t byte)
{
    uint8_t left = (uint8_t)(crc << 1) ^ byte;
    for (uint8_t bit = 0; bit < 8; bit++) {
        left = (left & 0x80) ? (uint8_t)(left << 1) ^ POLYNOMIAL_LEFT_ALIGNED : (uint8_t)(left << 1);
    }
    return left >> 1;
}
