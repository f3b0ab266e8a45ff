/**
 * Flags for the Node that runs `vigie run`. Without them V8 lets its heap grow by what the machine has before it collects:
 * the memory of a controller would say nothing of what it needs. In MiB; what is live stays far below.
 */
export const RUN_FLAGS: readonly string[] = ['--max-semi-space-size=2', '--max-old-space-size=160'];
