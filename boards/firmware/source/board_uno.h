/* Arduino Uno, ATmega328P at 16 MHz: D0 to D13, and A0 to A5 as pins 14 to 19. */
#ifndef BOARD_UNO_H
#define BOARD_UNO_H

#define BOARD_PINS 20
#define BOARD_CHANNELS 6

enum { PORT_B, PORT_C, PORT_D, BOARD_PORTS };

/* Each port is three registers in a row: PINx, DDRx, PORTx. */
#define BOARD_PORT_TABLE {&PINB, &PINC, &PIND}

#define ON(port, bit) (uint8_t)(PORT_##port << 3 | (bit))

/* clang-format off */
#define BOARD_PIN_TABLE { \
    ON(D, 0), ON(D, 1), ON(D, 2), ON(D, 3), ON(D, 4), ON(D, 5), ON(D, 6), ON(D, 7), \
    ON(B, 0), ON(B, 1), ON(B, 2), ON(B, 3), ON(B, 4), ON(B, 5),                     \
    ON(C, 0), ON(C, 1), ON(C, 2), ON(C, 3), ON(C, 4), ON(C, 5)}
/* clang-format on */

/* The serial line to the host: a byte has come; there is room for the next to go. */
#define BOARD_RECEIVED_vect USART_RX_vect
#define BOARD_SENT_vect USART_UDRE_vect

#endif
