; Runs before memory is set up and before main: the first thing after a reset is that every output is at rest.
; (.init3 of avr-libc: there is a stack and a zero register, and nothing else.)
.section .init3, "ax", @progbits
    call watchdog_note_reset
    call pins_to_rest
