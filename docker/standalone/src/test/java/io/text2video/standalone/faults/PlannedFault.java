package io.text2video.standalone.faults;

import java.time.Duration;

/**
 * One fault of a plan.
 *
 * @param pause before it
 * @param target which of its kind it hits, to be taken modulo how many there are
 * @param length how long it lasts, of one that lasts
 */
record PlannedFault(int number, FaultKind kind, Duration pause, int target, Duration length) {}
