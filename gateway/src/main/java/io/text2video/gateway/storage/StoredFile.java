package io.text2video.gateway.storage;

/**
 * A file in the object store.
 *
 * @param size in bytes
 */
public record StoredFile(String key, Variant variant, long size) {}
