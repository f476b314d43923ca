/**
 * The harness: a fleet of real processes, faults drawn from a seed, and a checker that reads everything back and says
 * whether anything was lost, done twice or left behind. {@code docs/reliability.md} says how to run it.
 */
package io.text2video.standalone.faults;
