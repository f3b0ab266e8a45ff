/* Arduino Mega 2560, ATmega2560 at 16 MHz: D0 to D53, and A0 to A15 as pins 54 to 69. */
#ifndef BOARD_MEGA_H
#define BOARD_MEGA_H

#define BOARD_PINS 70
#define BOARD_CHANNELS 16

enum { PORT_A, PORT_B, PORT_C, PORT_D, PORT_E, PORT_F, PORT_G, PORT_H, PORT_J, PORT_K, PORT_L, BOARD_PORTS };

/* Each port is three registers in a row: PINx, DDRx, PORTx. */
#define BOARD_PORT_TABLE {&PINA, &PINB, &PINC, &PIND, &PINE, &PINF, &PING, &PINH, &PINJ, &PINK, &PINL}

#define ON(port, bit) (uint8_t)(PORT_##port << 3 | (bit))

/* clang-format off */
#define BOARD_PIN_TABLE { \
    ON(E, 0), ON(E, 1), ON(E, 4), ON(E, 5), ON(G, 5), ON(E, 3), ON(H, 3), ON(H, 4), /*  0 */ \
    ON(H, 5), ON(H, 6), ON(B, 4), ON(B, 5), ON(B, 6), ON(B, 7), ON(J, 1), ON(J, 0), /*  8 */ \
    ON(H, 1), ON(H, 0), ON(D, 3), ON(D, 2), ON(D, 1), ON(D, 0), ON(A, 0), ON(A, 1), /* 16 */ \
    ON(A, 2), ON(A, 3), ON(A, 4), ON(A, 5), ON(A, 6), ON(A, 7), ON(C, 7), ON(C, 6), /* 24 */ \
    ON(C, 5), ON(C, 4), ON(C, 3), ON(C, 2), ON(C, 1), ON(C, 0), ON(D, 7), ON(G, 2), /* 32 */ \
    ON(G, 1), ON(G, 0), ON(L, 7), ON(L, 6), ON(L, 5), ON(L, 4), ON(L, 3), ON(L, 2), /* 40 */ \
    ON(L, 1), ON(L, 0), ON(B, 3), ON(B, 2), ON(B, 1), ON(B, 0), ON(F, 0), ON(F, 1), /* 48 */ \
    ON(F, 2), ON(F, 3), ON(F, 4), ON(F, 5), ON(F, 6), ON(F, 7), ON(K, 0), ON(K, 1), /* 56 */ \
    ON(K, 2), ON(K, 3), ON(K, 4), ON(K, 5), ON(K, 6), ON(K, 7)}                     /* 64 */
/* clang-format on */

/* The serial line to the host: a byte has come; there is room for the next to go. */
#define BOARD_RECEIVED_vect USART0_RX_vect
#define BOARD_SENT_vect USART0_UDRE_vect

#endif
