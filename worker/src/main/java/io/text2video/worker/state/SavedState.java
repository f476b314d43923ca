package io.text2video.worker.state;

/**
 * A state as it was kept, before anybody has looked into it.
 *
 * @param name what messages call it
 * @param step how many steps are done in it, as who kept it believes
 * @param file what {@link GenerationState#toBytes} gave
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of bytes that nobody compares
public record SavedState(String name, int step, byte[] file) {}
