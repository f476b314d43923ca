package io.text2video.worker.device;

/**
 * The memory of a GPU at one moment, in bytes, whichever processes hold what is not free.
 *
 * @param free what another process could allocate
 */
public record GpuMemory(long free, long total) {}
